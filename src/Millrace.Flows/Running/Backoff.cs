namespace Millrace.Flows.Running;

/// <summary>How long to wait before the next try: doubling from a tenth of a second to half a minute, with a fifth of chance in it.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    private int _failures;

    public void Succeeded() => _failures = 0;

    public TimeSpan Failed()
    {
        var wait = First * Math.Pow(2, Math.Min(_failures++, 16));
        if (wait > Ceiling) wait = Ceiling;
        return wait * (0.8 + (0.4 * random.NextDouble()));
    }
}
