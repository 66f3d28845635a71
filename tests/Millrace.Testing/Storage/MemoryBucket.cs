using System.Runtime.CompilerServices;
using Millrace.Contracts;
using Millrace.Contracts.Objects;

namespace Millrace.Testing.Storage;

/// <summary>A bucket in memory, which a test can make unreachable. Any thread may call.</summary>
public sealed class MemoryBucket : IObjectBucket
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private int _callsLeft = int.MaxValue;

    public string Name => "s3://memory";

    /// <summary>Every call fails, as where there is no network.</summary>
    public bool Away { get; set; }

    /// <summary>Called before each change, with the key: what a test looks at, or throws.</summary>
    public Action<string>? Changing { get; set; }

    /// <summary>Awaited before an object is given out, with the key: a bucket that takes its time.</summary>
    public Func<string, Task>? Getting { get; set; }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate) return [.. _objects.Keys];
        }
    }

    public byte[] this[string key]
    {
        get
        {
            lock (_gate) return _objects[key];
        }

        set
        {
            lock (_gate) _objects[key] = value;
        }
    }

    /// <summary>It goes away with one of the next calls, which may or may not have been carried out.</summary>
    public void GoAwayAfter(int calls)
    {
        lock (_gate) _callsLeft = calls;
    }

    public async Task PutAsync(string key, Stream content, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, stop);
        Change(key, objects => objects[key] = bytes.ToArray());
    }

    public async Task<bool> TryGetAsync(string key, Stream into, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (Getting is { } getting) await getting(key);
        byte[]? found;
        lock (_gate)
        {
            Check(key);
            if (!_objects.TryGetValue(key, out found)) return false;
        }

        await into.WriteAsync(found, stop);
        return true;
    }

    public async IAsyncEnumerable<(string Key, long Bytes)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        (string, long)[] found;
        lock (_gate)
        {
            Check(prefix);
            found = [.. _objects.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(static one => (one.Key, (long)one.Value.Length))];
        }

        foreach (var one in found) yield return one;
    }

    public Task DeleteAsync(string key, CancellationToken stop)
    {
        Change(key, objects => objects.Remove(key));
        return Task.CompletedTask;
    }

    private void Change(string key, Action<SortedDictionary<string, byte[]>> change)
    {
        lock (_gate)
        {
            Check(key);
            Changing?.Invoke(key);
            var last = --_callsLeft <= 0;
            Away |= last;

            // Of an answer that never came nobody knows.
            if (!last || key.Length % 2 == 0) change(_objects);
            Check(key);
        }
    }

    private void Check(string key)
    {
        if (Away) throw new FaultException(Fault.Unavailable, $"{Name}, {key}: no route to host");
    }
}
