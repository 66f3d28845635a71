using System.Globalization;
using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Redis;

/// <summary>How far a lane is, as Redis keeps it beside what the lane wrote: numbers with spaces between them, the version of this form first.</summary>
/// <param name="Before">Where the flow stood before the last batch that was carried out.</param>
/// <param name="Through">Every message before this offset is carried out.</param>
internal readonly record struct RedisPosition(Checkpoint Before, long Through)
{
    private const int Version = 1;
    private const int Numbers = 16;

    public string ToText()
    {
        var counts = Before.Counts;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Version} {Through} {Before.Offset} {counts.Examined} {counts.PassedOver} {counts.Matched} {counts.Stored} {counts.Absorbed} {counts.Rejected} {counts.DeadLettered} {counts.Overtaken} {counts.Records} {counts.RecordsStored} {counts.RecordsAbsorbed} {counts.RecordsRejected} {counts.RecordsDeadLettered}");
    }

    /// <summary>False where the text is of another hand or a later version.</summary>
    public static bool TryParse(string text, out RedisPosition position)
    {
        position = default;
        var parts = text.Split(' ');
        if (parts.Length != Numbers) return false;
        var numbers = new long[Numbers];
        for (var i = 0; i < Numbers; i++)
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        if (numbers[0] != Version) return false;
        var counts = new FlowCounts
        {
            Examined = numbers[3],
            PassedOver = numbers[4],
            Matched = numbers[5],
            Stored = numbers[6],
            Absorbed = numbers[7],
            Rejected = numbers[8],
            DeadLettered = numbers[9],
            Overtaken = numbers[10],
            Records = numbers[11],
            RecordsStored = numbers[12],
            RecordsAbsorbed = numbers[13],
            RecordsRejected = numbers[14],
            RecordsDeadLettered = numbers[15],
        };
        position = new RedisPosition(new Checkpoint(numbers[2], counts), numbers[1]);
        return true;
    }
}
