namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>One value of a field as it stands in a message.</summary>
/// <param name="Field">The place of the field in its type.</param>
/// <param name="Number">Of numbers.</param>
/// <param name="Start">Of everything else: where its bytes are.</param>
/// <param name="IsPacked">Whether the bytes are several numbers.</param>
internal readonly record struct ProtoValue(int Field, ulong Number, int Start, int Length, bool IsPacked)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}
