using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Running;

/// <summary>Finds by halves the messages of a frame that a destination cannot be brought to take, so that only those are given up.</summary>
/// <remarks>
/// The destination is opened anew after each failure. What it took before, and said is durable, it does not get again. Where many single messages have
/// failed and nothing went through, the destination is away rather than they bad: then whole ranges are given up, so that the number of tries has an end.
/// </remarks>
internal sealed class Sieve
{
    private const int ManySingles = 8;

    private readonly Stack<(int From, int To)> _left = new();
    private readonly List<(int From, int To)> _written = [];
    private readonly Dictionary<(int Message, int Record), Refusal?> _settled = [];
    private readonly Dictionary<int, string> _givenUp = [];
    private (int From, int To)? _trying;
    private int _singles;

    /// <param name="frame">Where the frame begins.</param>
    /// <param name="messages">How many of its messages are the flow's.</param>
    public Sieve(long frame, int messages)
    {
        (Frame, Messages) = (frame, messages);
        _left.Push((0, messages));
    }

    public long Frame { get; }

    public int Messages { get; }

    public bool IsTrying => _trying is not null;

    /// <summary>The destination was opened anew: what it had not made durable it gets again.</summary>
    public void Restart()
    {
        foreach (var range in _written) _left.Push(range);
        _written.Clear();
        _trying = null;
    }

    /// <summary>What to try next.</summary>
    public bool TryNext(out int from, out int to)
    {
        (from, to) = (0, 0);
        if (!_left.TryPop(out var range)) return false;
        (from, to) = range;
        _trying = range;
        return true;
    }

    /// <summary>The destination took the records of the range.</summary>
    /// <param name="records">Which record of which message each one is.</param>
    /// <param name="outcomes">By their indexes.</param>
    /// <param name="isDurable">Whether it will not lose them.</param>
    public void Took(IReadOnlyList<(int Message, int Record)> records, Outcomes outcomes, bool isDurable)
    {
        if (_trying is not { } range) return;
        foreach (var index in outcomes.AbsorbedRecords) _settled[records[index]] = null;
        foreach (var refusal in outcomes.Refusals) _settled[records[refusal.Index]] = refusal;
        if (!isDurable) _written.Add(range);
        _trying = null;
        _singles = 0;
    }

    /// <summary>The try did not go through: halves are next, or there is nothing left to halve.</summary>
    public void Failed(string reason)
    {
        if (_trying is not { } range) return;
        _trying = null;
        if (range.To - range.From > 1 && _singles < ManySingles)
        {
            var middle = (range.From + range.To) / 2;
            _left.Push((middle, range.To));
            _left.Push((range.From, middle));
            return;
        }

        _singles++;
        for (var message = range.From; message < range.To; message++) _givenUp[message] = reason;
    }

    /// <summary>What became of each record of the whole frame.</summary>
    public void Settle(RecordBatch batch, Outcomes outcomes)
    {
        foreach (var (index, place) in PlacesOf(batch).Index())
        {
            if (_givenUp.TryGetValue(place.Message, out var reason)) outcomes.Refuse(index, Fault.Unavailable, reason);
            else if (!_settled.TryGetValue(place, out var refusal)) continue;
            else if (refusal is { } refused) outcomes.Refuse(index, refused.Fault, refused.Reason);
            else outcomes.Absorbed(index);
        }
    }

    /// <summary>Which record of which message each record is.</summary>
    public static List<(int Message, int Record)> PlacesOf(RecordBatch batch)
    {
        var places = new List<(int Message, int Record)>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var message = batch.OriginOf(i);
            places.Add((message, places.Count > 0 && places[^1].Message == message ? places[^1].Record + 1 : 0));
        }

        return places;
    }
}
