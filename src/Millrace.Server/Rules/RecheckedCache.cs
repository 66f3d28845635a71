namespace Millrace.Server.Rules;

/// <summary>Answers that are kept in memory and asked for again when they have grown old. Any thread may call.</summary>
/// <param name="clock">Tells their age.</param>
/// <param name="age">How old an answer may be.</param>
/// <param name="most">Answers kept; beyond, all are asked for anew.</param>
/// <param name="ask">Gives the answer; the one before, where there is one, so that it can be kept.</param>
internal sealed class RecheckedCache<TKey, TValue>(TimeProvider clock, TimeSpan age, int most, Func<TKey, TValue?, TValue?> ask)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (TValue? Value, long At)> _answers = [];

    public TValue? Find(TKey key)
    {
        (TValue? Value, long At) known;
        lock (_gate)
            if (_answers.TryGetValue(key, out known) && clock.GetElapsedTime(known.At) < age) return known.Value;

        // Outside of the lock: a slow disk holds one asker, and not those whose answers are known.
        var value = ask(key, known.Value);
        lock (_gate)
        {
            if (_answers.Count >= most) _answers.Clear();
            _answers[key] = (value, clock.GetTimestamp());
        }

        return value;
    }
}
