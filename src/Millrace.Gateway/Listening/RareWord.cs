namespace Millrace.Gateway.Listening;

/// <summary>Keeps a log readable while somebody floods us: one word in a while, with the number of those left out. Any thread.</summary>
internal sealed class RareWord(TimeSpan between, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _last;
    private int _unsaid;

    /// <param name="unsaid">Left out since the last word.</param>
    /// <returns>False where it is too early for another.</returns>
    public bool IsDue(out int unsaid)
    {
        lock (_gate)
        {
            if (_last is { } last && time.GetElapsedTime(last) < between)
            {
                unsaid = ++_unsaid;
                return false;
            }

            (unsaid, _unsaid, _last) = (_unsaid, 0, time.GetTimestamp());
            return true;
        }
    }
}
