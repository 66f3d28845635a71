using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>From YAML to a <see cref="PipelineFile"/>, or to everything that is wrong with it.</summary>
public static class PipelineReader
{
    private static readonly Dictionary<string, MeasureType> Types = new()
    {
        ["double"] = MeasureType.Double,
        ["bigint"] = MeasureType.Bigint,
        ["varchar"] = MeasureType.Varchar,
        ["boolean"] = MeasureType.Boolean,
        ["timestamp"] = MeasureType.Timestamp,
    };

    /// <summary>A file may not be larger.</summary>
    public static ByteSize MaxSize { get; } = new(YamlTree.MaxBytes);

    /// <param name="utf8">The file.</param>
    /// <param name="pipeline">Empty where there are problems.</param>
    /// <param name="problems">Every mistake, in the order of the file, each with line and column.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out PipelineFile pipeline, out IReadOnlyList<Problem> problems)
    {
        var found = new ProblemList();
        var read = YamlTree.Read(utf8, found) is { } root ? Read(new Section("", root, found)) : PipelineFile.Empty;
        problems = found.Sorted();
        pipeline = problems.Count == 0 ? read : PipelineFile.Empty;
        return problems.Count == 0;
    }

    private static PipelineFile Read(Section root)
    {
        ReadFlow[] flows =
        [
            .. root.Named("flows").Select(static f => FlowReader.Read(f.Name, f.Key, f.Section)).OfType<ReadFlow>(),
            .. root.Named("rules").Select(static r => RuleReader.Read(r.Name, r.Key, r.Section)).OfType<ReadFlow>(),
        ];
        var file = new PipelineFile
        {
            Tables = [.. root.Named("tables").Select(static t => ReadTable(t.Name, t.Key, t.Section)).OfType<TableDeclaration>()],
            Streams = [.. root.Named("streams").Select(static s => ReadStream(s.Name, s.Key, s.Section))],
            Collections = [.. root.Named("collections").Select(static c => ReadCollection(c.Name, c.Key, c.Section))],
            Flows = [.. flows.Select(static flow => flow.Options)],
            Fleets = [.. root.Named("fleets").Select(static f => FleetReader.Read(f.Name, f.Section))],
        };
        root.End();
        References.Check(file, flows, root.Problems);
        return file;
    }

    private static TableDeclaration? ReadTable(string name, ScalarNode key, Section section)
    {
        var named = TableName.TryParse(name, out var tableName);
        if (!named) section.Problems.Add(section.Where, "a table is named database.table, of letters, digits, _ and -", key);
        var table = new TableDeclaration(tableName)
        {
            Dimensions = section.Names("dimensions") ?? [],
            Measures = section.Map("measures") is { } measures ? ReadMeasures(measures) : [],
            Retention = section.Duration("retention"),
        };
        if (section.Duration("futureLimit") is { } limit) table = table with { FutureLimit = limit };
        section.End();
        section.Problems.AddChecked(section.Where, table.Check());
        return named ? table : null;
    }

    private static ValueList<MeasureDeclaration> ReadMeasures(Section section)
    {
        var measures = new List<MeasureDeclaration>();
        foreach (var (key, _) in ((MapNode)section.Node).Entries)
            if (section.Choice(key.Text, Types) is { } type) measures.Add(new MeasureDeclaration(key.Text, type));
        return [.. measures];
    }

    private static StreamOptions ReadStream(string name, ScalarNode key, Section section)
    {
        CheckName(name, key, section);
        var stream = new StreamOptions(name);
        if (section.Whole("partitions") is { } partitions) stream = stream with { Partitions = partitions };
        if (section.Duration("retention") is { } retention) stream = stream with { Retention = retention };
        if (section.Size("maxBytes") is { } maxBytes) stream = stream with { MaxBytes = maxBytes };
        if (section.Size("maxRecordSize") is { } maxRecordSize) stream = stream with { MaxRecordSize = maxRecordSize };
        section.End();
        section.Problems.AddChecked(section.Where, stream.Check());
        return stream;
    }

    private static CollectionOptions ReadCollection(string name, ScalarNode key, Section section)
    {
        section.Problems.Place($"{section.Where}.name", key);
        var collection = new CollectionOptions(name) { Key = section.Needed("key", "vin"), SortKey = section.Text("sortKey") };
        if (section.Whole("limit") is { } limit) collection = collection with { Limit = limit };
        section.End();
        section.Problems.AddChecked(section.Where, collection.Check());
        return collection;
    }

    private static void CheckName(string name, ScalarNode key, Section section)
    {
        foreach (var problem in new StreamSource(name).Check()) section.Problems.Add(section.Where, $"the name {problem.What}", key);
    }
}
