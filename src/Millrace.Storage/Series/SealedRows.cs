using Millrace.Contracts.Flows;

namespace Millrace.Storage.Series;

/// <summary>A generation that gets no more rows and is on its way into files, with all that goes into the manifest beside it.</summary>
internal sealed class SealedRows
{
    public required int Generation { get; init; }

    /// <summary>The tables that have rows in it.</summary>
    public required IReadOnlyList<SeriesTable> Tables { get; init; }

    /// <summary>All tables as they were when it was sealed: their files are still to come.</summary>
    public required IReadOnlyList<ManifestTable> Schema { get; init; }

    /// <summary>The replaced rows of tables that have some, by table id, as they were when it was sealed.</summary>
    public required IReadOnlyDictionary<int, ReplacedView> Replaced { get; init; }

    public required byte[] Names { get; init; }

    /// <summary>The names file has all series, and takes the place of all before it.</summary>
    public required bool NamesWhole { get; init; }

    public required IReadOnlyDictionary<string, Checkpoint> Flows { get; init; }

    /// <summary>Files that are written, by table id; a move that is tried again goes on after them.</summary>
    public Dictionary<int, List<ColdFile>> Written { get; } = [];

    /// <summary>The manifest that lists them is on disk: what is left is to make them visible.</summary>
    public Manifest? Manifest { get; set; }
}
