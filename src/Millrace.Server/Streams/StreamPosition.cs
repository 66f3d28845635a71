using System.Globalization;
using Millrace.Contracts;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>Where to begin to read a partition.</summary>
internal readonly record struct StreamPosition
{
    public const string Rule =
        "must be oldest, latest, a sequence number (at:123, after:123 or 123), a time (2026-01-31T12:00:00Z), or how long ago (15m)";

    private enum Kind
    {
        Oldest,
        Latest,
        Sequence,
        Time,
    }

    private Kind Of { get; init; }

    /// <summary>An offset, or nanoseconds since 1970.</summary>
    private long Value { get; init; }

    public static bool TryParse(string text, DateTimeOffset now, out StreamPosition position)
    {
        position = text switch { "latest" => new() { Of = Kind.Latest }, _ => default };
        if (text is "oldest" or "latest") return true;
        var (number, add) = text.StartsWith("at:", StringComparison.Ordinal) ? (text[3..], 0)
            : text.StartsWith("after:", StringComparison.Ordinal) ? (text[6..], 1)
            : (text, 0);
        if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset < long.MaxValue)
        {
            position = new() { Of = Kind.Sequence, Value = offset + add };
            return true;
        }

        if (!Durations.TryParse(text, out var ago))
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return false;
            ago = now - time;
        }

        position = new() { Of = Kind.Time, Value = (now - ago - DateTimeOffset.UnixEpoch).Ticks * 100 };
        return true;
    }

    /// <exception cref="FaultException">Refused: the text is none.</exception>
    public static StreamPosition Parse(string text, DateTimeOffset now) =>
        TryParse(text, now, out var position) ? position : throw new FaultException(Fault.Refused, $"a position {Rule}");

    /// <returns>The offset to read from; it may lie before the oldest record.</returns>
    /// <exception cref="FaultException">Refused: a sequence number that the partition has not given yet.</exception>
    public long OffsetIn(LogPartition partition) => Of switch
    {
        Kind.Oldest => partition.Start,
        Kind.Latest => partition.End,
        Kind.Time => partition.OffsetAt(Value),
        _ when Value <= partition.End => Value,
        _ => throw new FaultException(
            Fault.Refused,
            $"{partition.Name} has not come to sequence number {Value}: it has {(partition.End == 0 ? "given none yet" : $"given those up to {partition.End - 1}")}. Each partition counts for itself; name one of them, or begin with 'oldest' or a time"),
    };
}
