using System.Text.RegularExpressions;

namespace Millrace.Tests.Tidy;

/// <summary>What a machine can check about the source, so that reading can be about design.</summary>
public sealed partial class TidyTests
{
    /// <summary>From room to the rooms it may see. Anything else is a wall.</summary>
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Contracts"] = [],
        ["Mqtt"] = ["Contracts"],
        ["Gateway"] = ["Contracts", "Mqtt"],
        ["Connectors"] = ["Contracts"],
        ["Devices"] = ["Contracts"],
        ["Sql"] = ["Contracts"],
        ["Storage"] = ["Contracts"],
        ["Flows"] = ["Contracts", "Sql"],
        ["Simulator"] = ["Contracts", "Mqtt"],
    };

    /// <summary>The same within Storage.</summary>
    private static readonly Dictionary<string, string[]> MayInStorage = new()
    {
        ["Files"] = [],
        ["Log"] = ["Files"],
        ["Documents"] = ["Files"],
        ["DuckDb"] = [],
        ["Series"] = ["Files", "DuckDb"],
        ["Lake"] = ["Files"],
        ["Objects"] = ["Files"],
        ["Verify"] = ["Files", "Log", "Documents", "Series", "Lake"],
        ["Backup"] = ["Files", "Log", "Documents", "Series"],
    };

    [Fact]
    public void Rooms_keep_to_their_doors() =>
        Assert.Empty(
            from path in SourceTree.Files("src", ".cs")
            let room = path.Split('/')[1]["Millrace.".Length..]
            where May.ContainsKey(room)
            from seen in Rooms().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value).Distinct()
            where seen != room && !May[room].Contains(seen) && (May.ContainsKey(seen) || seen == "Server")
            select $"{path}: {room} must not know {seen}");

    [Fact]
    public void Rooms_of_storage_keep_to_their_doors() =>
        Assert.Empty(
            from path in SourceTree.Files("src/Millrace.Storage", ".cs")
            let room = path.Split('/')[2]
            from seen in StorageRooms().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value).Distinct()
            where seen != room && MayInStorage.ContainsKey(seen) && !MayInStorage.GetValueOrDefault(room, []).Contains(seen)
            select $"{path}: Storage/{room} must not know {seen}");

    [Fact]
    public void A_file_is_named_after_the_type_it_holds() =>
        Assert.Empty(
            from path in SourceTree.Files("src", ".cs")
            let types = PublicTypes().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value).Distinct().ToArray()
            where types.Length > 1 || (types.Length == 1 && types[0] != Path.GetFileNameWithoutExtension(path))
            select $"{path}: holds {string.Join(", ", types)}");

    [Fact]
    public void Types_named_in_the_docs_exist()
    {
        var known = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs")).Concat(SourceTree.Files("bench", ".cs"))
            .SelectMany(static path => AnyTypes().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(
            from path in SourceTree.Files(".", ".md")
            from name in NamedTypes().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value).Distinct()
            where !known.Contains(name)
            select $"{path}: there is no type {name}");
    }

    [Fact]
    public void Links_between_pages_lead_somewhere() =>
        Assert.Empty(
            from path in SourceTree.Files(".", ".md")
            from link in Links().Matches(SourceTree.Read(path)).Select(static match => match.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')
            let target = Path.Combine(SourceTree.Root, Path.GetDirectoryName(path)!, link.Split('#')[0])
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{path}: {link} is not there");

    [Fact]
    public void Fast_tests_do_not_sleep() =>
        Assert.Empty(
            from path in SourceTree.Files("tests/Millrace.Tests", ".cs")
            where !path.Contains("/Tidy/", StringComparison.Ordinal)
            where SourceTree.Read(path).Contains("Task.Delay(", StringComparison.Ordinal)
            select $"{path}: wait on a signal, or pass a clock in");

    [Fact]
    public void Nothing_is_left_to_do_in_the_code() =>
        Assert.Empty(
            from path in SourceTree.Files("src", ".cs").Concat(SourceTree.Files("console/src", ".tsx")).Concat(SourceTree.Files("console/src", ".ts"))
            where Unfinished().IsMatch(SourceTree.Read(path))
            select $"{path}: do it, or take it out");

    [GeneratedRegex(@"Millrace\.(Contracts|Connectors|Mqtt|Gateway|Devices|Sql|Storage|Flows|Simulator|Server)\b")]
    private static partial Regex Rooms();

    [GeneratedRegex(@"Millrace\.Storage\.(\w+)")]
    private static partial Regex StorageRooms();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |partial |unsafe |ref )*(?:class|struct|interface|enum|record struct|record class|record|delegate \w+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicTypes();

    [GeneratedRegex(@"(?:record struct|record class|class|struct|interface|enum|record|delegate \w+) (\w+)")]
    private static partial Regex AnyTypes();

    /// <summary>Words of the code, in backticks: at least two humps, as type names have.</summary>
    [GeneratedRegex(@"`(I?[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)(?:\.[A-Z]\w*)?`")]
    private static partial Regex NamedTypes();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
