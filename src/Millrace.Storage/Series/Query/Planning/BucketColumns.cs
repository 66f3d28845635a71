using System.Globalization;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Names of the columns that stand for what was gathered; no column of a table's may be called like that.</summary>
internal static class BucketColumns
{
    public const string Rows = "~rows";

    /// <summary>A number, the same for groups with the same dimensions.</summary>
    public const string Tuple = "~tuple";

    /// <summary>When the bucket begins.</summary>
    public const string Step = "~step";

    public const string Earliest = "~earliest";
    public const string Latest = "~latest";

    public static string Count(int slot) => Name("n", slot);

    public static string Sum(int slot) => Name("s", slot);

    public static string Least(int slot) => Name("l", slot);

    public static string Most(int slot) => Name("m", slot);

    public static string First(int slot) => Name("f", slot);

    public static string FirstTime(int slot) => Name("ft", slot);

    public static string Last(int slot) => Name("v", slot);

    public static string LastTime(int slot) => Name("vt", slot);

    private static string Name(string kind, int slot) => string.Create(CultureInfo.InvariantCulture, $"~{kind}{slot}");
}
