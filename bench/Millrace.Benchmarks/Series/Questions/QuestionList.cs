namespace Millrace.Benchmarks.Series.Questions;

/// <summary>Every question. Not listed here: is not asked.</summary>
internal static class QuestionList
{
    public const int ShortSessions = 22; // of 10 minutes, in 4 hours, less 5 minutes an hour
    public const int DaySessions = 60; // in 24 hours, less 35 minutes an hour

    private const ColumnKind Text = ColumnKind.Text;
    private const ColumnKind Time = ColumnKind.Time;
    private const ColumnKind Number = ColumnKind.Number;

    public static IReadOnlyList<Question> All { get; } =
    [
        new("one-last-loc", "where one truck is", Text, Text, Number, Number) { OfTrucks = 1, IsRecent = true },
        new("single-last-loc", "where ten trucks are", Text, Text, Number, Number) { OfTrucks = 10, IsRecent = true },
        new("truck-rows", "60 intervals of one truck, as they came", Time, Number, Number, Number, Number, Number, Number, Number) { OfTrucks = 1, WindowRows = 60, IsRecent = true },
        new("last-loc", "where each truck of a fleet is", Text, Text, Number, Number) { OfFleet = true, IsRecent = true },
        new("low-fuel", "trucks of a fleet with less than a tenth of their fuel", Text, Text, Number) { OfFleet = true, IsRecent = true },
        new("high-load", "trucks of a fleet with more than nine tenths of their load", Text, Text, Number) { OfFleet = true, IsRecent = true },
        new("stationary-trucks", "trucks of a fleet that stood for 10 minutes", Text, Text) { OfFleet = true, Window = TimeSpan.FromMinutes(10), IsRecent = true },
        new("long-driving-sessions", "trucks of a fleet that rested too little in 4 hours", Text, Text) { OfFleet = true, Window = TimeSpan.FromHours(4) },
        new("long-daily-sessions", "trucks of a fleet that rested too little in 24 hours", Text, Text) { OfFleet = true, Window = TimeSpan.FromHours(24) },
        new("avg-vs-projected-fuel-consumption", "fuel while driving, and what was expected, by fleet", Text, Number, Number),
        new("avg-daily-driving-duration", "hours driven a day, by driver", Text, Text, Text, Number),
        new("avg-daily-driving-session", "how long a truck drives without a stop, by day", Text, Time, Number),
        new("avg-load", "share of the capacity that is used, by fleet and model", Text, Text, Number, Number),
        new("daily-activity", "share of the day that trucks are active, by fleet and model", Text, Text, Time, Number),
        new("breakdown-frequency", "how often trucks break down, by model", Text, Number),
    ];
}
