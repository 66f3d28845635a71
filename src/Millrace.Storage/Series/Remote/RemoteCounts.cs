namespace Millrace.Storage.Series.Remote;

/// <summary>What went to the bucket and came back since the store was opened.</summary>
public sealed record RemoteCounts
{
    /// <summary>Files that are not in the bucket yet, or not yet in its manifest.</summary>
    public int Waiting { get; init; }

    public long Uploaded { get; init; }

    public long UploadedBytes { get; init; }

    /// <summary>Manifests put: each is a state that a wiped disk can begin with.</summary>
    public long Manifests { get; init; }

    /// <summary>Files brought back because a query wanted them.</summary>
    public long Fetched { get; init; }

    public long Deleted { get; init; }

    /// <summary>Uploads that failed; each is tried again.</summary>
    public long Failed { get; init; }
}
