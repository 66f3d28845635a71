namespace Millrace.Flows.Errors;

/// <summary>The failures of one flow that its error destination was not told yet, by the message that failed. Any thread.</summary>
internal sealed class PendingErrors
{
    /// <summary>Above this many messages the oldest are told before all destinations have passed them: one that is away does not fill the memory.</summary>
    public const int MostWaiting = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, SortedDictionary<long, List<long>>> _failures = [];
    private int _messages;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _any;

    public bool Any => _any;

    /// <param name="partition">Of the message.</param>
    /// <param name="offset">Of the message.</param>
    /// <param name="at">Where the failure stands in the log of errors.</param>
    public void Add(int partition, long offset, long at)
    {
        lock (_gate)
        {
            if (!_failures.TryGetValue(partition, out var messages)) _failures.Add(partition, messages = []);
            if (!messages.TryGetValue(offset, out var failures))
            {
                messages.Add(offset, failures = []);
                _messages++;
            }

            failures.Add(at);
            _any = true;
        }

        Wake();
    }

    /// <summary>Those up to <paramref name="through"/> were told.</summary>
    public void Remove(int partition, long offset, long through)
    {
        lock (_gate)
        {
            if (!_failures.TryGetValue(partition, out var messages) || !messages.TryGetValue(offset, out var failures)) return;
            failures.RemoveAll(at => at <= through);
            if (failures.Count > 0) return;
            messages.Remove(offset);
            _any = --_messages > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _failures.Clear();
            _messages = 0;
            _any = false;
        }
    }

    /// <summary>Messages that all destinations have passed, oldest first, with where their failures stand.</summary>
    /// <param name="passed">Up to where, by partition.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<(int Partition, long Offset, long[] Failures)> Ready(Func<int, long> passed, int limit)
    {
        lock (_gate)
        {
            var ready = new List<(int, long, long[])>();
            foreach (var (partition, messages) in _failures)
            {
                var before = _messages > MostWaiting ? long.MaxValue : passed(partition);
                foreach (var (offset, failures) in messages.TakeWhile(one => one.Key < before).Take(limit - ready.Count))
                    ready.Add((partition, offset, [.. failures]));
            }

            return ready;
        }
    }

    /// <summary>A destination has moved on, or a failure has come.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    /// <summary>Ends with the next change. To be asked for before what it may change is looked at.</summary>
    public Task ChangedAsync()
    {
        lock (_gate) return _changed.Task;
    }
}
