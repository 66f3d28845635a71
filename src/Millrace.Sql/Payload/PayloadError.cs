namespace Millrace.Sql.Payload;

/// <summary>Why a payload was not taken.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Position">The byte, from 0, at which it shows.</param>
public readonly record struct PayloadError(PayloadFault Fault, int Position)
{
    /// <summary>One sentence for a dead letter.</summary>
    public override string ToString() => Fault switch
    {
        PayloadFault.None => "no error",
        PayloadFault.Truncated => $"not JSON: it ends at byte {Position}, in the middle of a value",
        PayloadFault.Unexpected => $"not JSON: byte {Position} is not allowed there",
        PayloadFault.NotUtf8 => $"not JSON: the string at byte {Position} is not UTF-8",
        PayloadFault.TooDeep => $"not read: nested deeper than {JsonScanner.MaxDepth} at byte {Position}",
        PayloadFault.Trailing => $"not JSON: the value is complete, but more follows at byte {Position}",
        _ => "a JSON object is needed, and this is another kind of value",
    };
}
