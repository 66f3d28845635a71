namespace Millrace.Flows.DeadLetters;

/// <summary>Which failures are in a log already: a lane that starts over after a crash meets the same bad messages again.</summary>
/// <remarks>
/// By the record itself, not by how far the lane was: a destination may refuse at the second try what it took at the first. Only the newest of a lane are
/// kept in mind; an older one would be written twice, and never not at all. Not for two threads at once.
/// </remarks>
internal sealed class KnownFailures
{
    private const int MostKept = 10_000;

    private readonly Dictionary<(string Lane, int Partition), SortedSet<(long Offset, int Record)>> _known = [];

    /// <returns>False where it is known.</returns>
    public bool Add(string lane, int partition, long offset, int record)
    {
        if (!_known.TryGetValue((lane, partition), out var known)) _known.Add((lane, partition), known = []);
        if (!known.Add((offset, record))) return false;
        if (known.Count > MostKept) known.Remove(known.Min);
        return true;
    }

    public bool Has(string lane, int partition, long offset, int record) =>
        _known.TryGetValue((lane, partition), out var known) && known.Contains((offset, record));

    /// <summary>The lane is gone: one of the same name begins anew.</summary>
    public void Forget(string lane)
    {
        foreach (var key in _known.Keys.Where(key => key.Lane == lane).ToArray()) _known.Remove(key);
    }

    /// <summary>All lanes whose names begin like this are gone.</summary>
    public void ForgetAll(string prefix)
    {
        foreach (var key in _known.Keys.Where(key => key.Lane.StartsWith(prefix, StringComparison.Ordinal)).ToArray()) _known.Remove(key);
    }
}
