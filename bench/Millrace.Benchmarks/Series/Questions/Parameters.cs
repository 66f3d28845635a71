using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>What is left to chance in a question, the same for all engines.</summary>
/// <param name="Shape">Of the data that is asked.</param>
/// <param name="Fleet">One of four.</param>
/// <param name="From">Of the window, seconds since 1970.</param>
/// <param name="To">Its end, not in it.</param>
/// <param name="Trucks">Names, each another.</param>
internal sealed record Parameters(DataShape Shape, string Fleet, long From, long To, IReadOnlyList<string> Trucks)
{
    private const long RecentSeconds = 3600;

    /// <param name="question">What is asked.</param>
    /// <param name="shape">Of the data; its seed is that of the parameters.</param>
    /// <param name="number">Another number, other parameters.</param>
    /// <param name="recent">The window lies in the last hour.</param>
    public static Parameters Create(Question question, DataShape shape, int number, bool recent = false)
    {
        var seed = question.Name.Aggregate((ulong)(uint)shape.Seed, static (sum, letter) => (sum * 31) + letter);
        var random = new DataRandom((seed << 16) + (ulong)number);
        var fleet = TagSets.RandomFleet(random);
        var length = question.WindowSeconds(shape);
        var room = Math.Max(0, (recent ? RecentSeconds : shape.Hours * 3600L) - length);
        var from = DataShape.EndSeconds - length - (long)(random.Unit() * (room + 1));
        var trucks = new HashSet<string>();
        while (trucks.Count < Math.Min(question.OfTrucks, shape.Trucks)) trucks.Add(TagSets.TruckName(random.Below(shape.Trucks)));
        return new Parameters(shape, fleet, from, from + length, [.. trucks]);
    }

    /// <summary>As <c>'a', 'b'</c>.</summary>
    public string TruckList => string.Join(", ", Trucks.Select(static t => $"'{t}'"));
}
