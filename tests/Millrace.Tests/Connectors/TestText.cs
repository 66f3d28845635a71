using System.Buffers;
using System.Text;
using Millrace.Contracts.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Connectors;

/// <summary>A text in which <c>$</c> stands for the message's payload; a payload <c>none</c> has no value.</summary>
internal sealed class TestText(string text) : IRecordText
{
    public bool IsConstant => !text.Contains('$', StringComparison.Ordinal);

    public bool TryRender(in Record origin, IBufferWriter<byte> into, out string reason)
    {
        var payload = Encoding.UTF8.GetString(origin.Payload);
        reason = "${x} is Undefined";
        if (!IsConstant && payload == "none") return false;
        into.Write(Encoding.UTF8.GetBytes(text.Replace("$", payload, StringComparison.Ordinal)));
        return true;
    }
}
