using System.Text;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Reading;

/// <summary>Finds the flows that want a message: one pass over its topic, however many flows there are.</summary>
internal sealed class SubscriptionIndex
{
    private const int LongestName = 128;

    private readonly TopicTree<Subscription> _topics;
    private readonly Dictionary<string, Subscription> _byName = new(StringComparer.Ordinal);
    private readonly Subscription[] _all;
    private readonly List<Subscription> _found = [];
    private readonly List<Subscription> _matched = [];

    public SubscriptionIndex(IReadOnlyCollection<Subscription> subscriptions)
    {
        _topics = TopicTree<Subscription>.Of(subscriptions.Where(static one => one.Filter?.Topics is not null).Select(static one => (one.Filter!.Topics!, one)));
        foreach (var one in subscriptions)
            if (one.Filter is { Name.Length: > 0 } filter) _byName[Encoding.UTF8.GetString(filter.Name)] = one;
        foreach (var one in subscriptions) one.Matches.Clear();
        _all = [.. subscriptions.Where(static one => one.Filter is null)];
    }

    /// <summary>Notes with each subscription which records of a frame it wants.</summary>
    /// <returns>Those that want any; good until the next call.</returns>
    public IReadOnlyList<Subscription> Match(RecordBatch messages)
    {
        foreach (var one in _matched) one.Matches.Clear();
        _matched.Clear();
        for (var i = 0; i < messages.Count; i++)
        {
            var topic = messages[i].Topic;
            _found.Clear();
            if (!BasicIngestTopic.Is(topic)) _topics.Match(topic, _found);
            else if (Named(BasicIngestTopic.Split(topic, out _)) is { } named) _found.Add(named);
            foreach (var one in _found) Note(one, i);
            foreach (var one in _all) Note(one, i);
        }

        return _matched;
    }

    private void Note(Subscription one, int record)
    {
        if (one.Matches.Count == 0) _matched.Add(one);
        one.Matches.Add(record);
    }

    private Subscription? Named(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > LongestName) return null;
        Span<char> text = stackalloc char[LongestName];
        var length = Encoding.UTF8.GetChars(name, text);
        return _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var one) ? one : null;
    }
}
