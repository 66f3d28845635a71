namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>English names of the calendar.</summary>
internal static class Names
{
    public const int Short = 3;

    public static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>From Monday on, as ISO 8601 counts.</summary>
    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static readonly string[] Halves = ["AM", "PM"];
}
