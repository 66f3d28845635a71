using Millrace.Flows.Options;

namespace Millrace.Flows.Running;

/// <summary>How long to wait before the next try: doubling up to a ceiling, with a fifth of chance in it so that flows do not knock together.</summary>
internal sealed class Backoff(RetryOptions options, Random random)
{
    private int _failures;

    public void Succeeded() => _failures = 0;

    public TimeSpan Failed()
    {
        var wait = options.First * Math.Pow(2, Math.Min(_failures++, 30));
        if (wait > options.Longest) wait = options.Longest;
        return wait * (0.8 + (0.4 * random.NextDouble()));
    }
}
