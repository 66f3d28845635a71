namespace Millrace.Sql.Rules.Functions;

/// <summary>What the calls of one statement ask for, noted while it is compiled.</summary>
internal sealed class FunctionUsage
{
    /// <summary>Whether one of them tells who published, so that records must carry it.</summary>
    public bool UsesPublisher { get; set; }

    /// <summary>How many of them read a document: AWS allows one.</summary>
    public int DocumentReads { get; set; }
}
