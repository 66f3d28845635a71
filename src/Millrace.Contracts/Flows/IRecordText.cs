using System.Buffers;
using Millrace.Contracts.Records;

namespace Millrace.Contracts.Flows;

/// <summary>A text that is made anew for each message: a parameter of an action with <c>${…}</c> in it. Not for two threads at once.</summary>
public interface IRecordText
{
    /// <summary>Whether it is the same for each message.</summary>
    bool IsConstant { get; }

    /// <param name="origin">The message as it was published: <c>batch.Origin[batch.OriginOf(index)]</c>.</param>
    /// <param name="into">Gets the text as UTF-8, in one piece, where there is one.</param>
    /// <param name="reason">Which expression had no value; for the refusal of the record.</param>
    bool TryRender(in Record origin, IBufferWriter<byte> into, out string reason);
}
