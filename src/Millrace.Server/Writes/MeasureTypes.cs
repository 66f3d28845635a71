using Millrace.Contracts.Tables;

namespace Millrace.Server.Writes;

/// <summary>Types of measures by the names that people write.</summary>
internal static class MeasureTypes
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<MeasureType>().Select(static name => name.ToLowerInvariant())];

    public static bool TryParse(string name, out MeasureType type) => Enum.TryParse(name, ignoreCase: true, out type) && Names.Contains(name.ToLowerInvariant());

    public static string NameOf(MeasureType type) => Names[(int)type];
}
