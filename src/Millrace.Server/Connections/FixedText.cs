using System.Buffers;
using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Server.Connections;

/// <summary>The same text for each record, whatever stands in it: a secret may hold <c>${</c>.</summary>
internal sealed class FixedText(string text) : IRecordText
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

    public bool IsConstant => true;

    public bool TryRender(in Record origin, IBufferWriter<byte> into, out string reason)
    {
        into.Write(_bytes);
        reason = "";
        return true;
    }
}
