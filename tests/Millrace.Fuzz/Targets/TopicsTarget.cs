using System.Text;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>The tree of filters, and matching one filter, against the rules of section 4.7 written down as slowly as they read.</summary>
internal sealed class TopicsTarget : IFuzzTarget
{
    private static readonly string[] Levels = ["a", "b", "ab", "", "+", "#", "$x", "$SYS", "a+", "#a", "ä", "\0", " "];

    public string Name => "topics";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var tree = new TopicTree();
        var all = Enumerable.Range(0, random.Next(1, 5)).Select(i => new Subscriber(i)).ToArray();
        var expected = new Dictionary<(Subscriber, string), byte>();
        for (var step = random.Next(1, 60); step > 0; step--)
        {
            var subscriber = all[random.Next(all.Length)];
            var filter = expected.Count > 0 && random.Next(3) == 0 ? expected.Keys.ElementAt(random.Next(expected.Count)).Item2 : SomeText(random);
            var bytes = Encoding.UTF8.GetBytes(filter);
            var isValid = IsFilter(filter);
            BrokenPromiseException.Unless(Topic.IsValidFilter(bytes) == isValid, $"'{filter}' as a filter: valid is {isValid}.");
            if (!isValid) continue;
            if (random.Next(3) > 0)
            {
                input.Add($"{subscriber.Number} subscribes to {filter}");
                var isNew = expected.TryAdd((subscriber, filter), 0);
                expected[(subscriber, filter)] = (byte)random.Next(3);
                var added = tree.Add(new Subscription(subscriber, bytes, expected[(subscriber, filter)], 0, []));
                BrokenPromiseException.Unless(added == isNew, $"Adding '{filter}': it was new is {isNew}.");
            }
            else
            {
                input.Add($"{subscriber.Number} unsubscribes from {filter}");
                var was = expected.Remove((subscriber, filter));
                BrokenPromiseException.Unless(tree.Remove(subscriber, bytes) == was, $"Removing '{filter}': it was there is {was}.");
            }

            BrokenPromiseException.Unless(tree.Count == expected.Count, $"The tree counts {tree.Count} subscriptions; there are {expected.Count}.");
            for (var i = 0; i < 5; i++) CheckMatches(tree, SomeText(random), expected, input);
        }

        foreach (var (subscriber, filter) in expected.Keys.ToList()) tree.Remove(subscriber, Encoding.UTF8.GetBytes(filter));
        BrokenPromiseException.Unless(tree.Count == 0, "Something is left when all are gone.");
    }

    private static void CheckMatches(TopicTree tree, string topic, Dictionary<(Subscriber Subscriber, string Filter), byte> subscriptions, FuzzInput input)
    {
        input.Add($"publish to {topic}");
        var name = Encoding.UTF8.GetBytes(topic);
        var isName = topic.Length > 0 && !topic.AsSpan().ContainsAny("+#\0");
        BrokenPromiseException.Unless(Topic.IsValidName(name) == isName, $"'{topic}' as a name: valid is {isName}.");
        if (!isName) return;
        var found = new List<string>();
        tree.Match(name, ref found, static (subscription, scoped ref list) => list.Add(Text(((Subscriber)subscription.Subscriber).Number, Encoding.UTF8.GetString(subscription.Filter), subscription.Qos)));
        var expected = subscriptions.Where(s => IsMatch(s.Key.Filter, topic)).Select(s => Text(s.Key.Subscriber.Number, s.Key.Filter, s.Value));
        var (wanted, got) = (string.Join(", ", expected.Order(StringComparer.Ordinal)), string.Join(", ", found.Order(StringComparer.Ordinal)));
        BrokenPromiseException.Unless(wanted == got, $"'{topic}' goes to [{wanted}]; the tree finds [{got}].");
        foreach (var (_, filter) in subscriptions.Keys)
        {
            if (filter.StartsWith("$share/", StringComparison.Ordinal)) continue;
            var matches = IsMatch(filter, topic);
            BrokenPromiseException.Unless(Topic.Matches(Encoding.UTF8.GetBytes(filter), name) == matches, $"'{filter}' matches '{topic}' is {matches}.");
        }
    }

    private static string SomeText(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Levels[random.Next(random.Next(4) == 0 ? Levels.Length : 6)]));

    private static bool IsFilter(string filter)
    {
        var levels = filter.Split('/');
        return filter.Length > 0 && !filter.Contains('\0', StringComparison.Ordinal)
            && levels.All(l => l is "+" or "#" || !l.AsSpan().ContainsAny('+', '#'))
            && !levels.SkipLast(1).Contains("#");
    }

    // [MQTT-4.7.2-1]
    private static bool IsMatch(string filter, string topic) =>
        !(topic[0] == '$' && filter[0] is ('+' or '#')) && IsMatch(filter.Split('/'), topic.Split('/'));

    private static bool IsMatch(string[] filter, string[] topic) => filter switch
    {
        ["#"] => true,
        [] => topic.Length == 0,
        _ when topic.Length == 0 => false,
        _ => (filter[0] == "+" || filter[0] == topic[0]) && IsMatch(filter[1..], topic[1..]),
    };

    private static string Text(int subscriber, string filter, byte qos) => $"{subscriber} {filter} q{qos}";

    private sealed class Subscriber(int number) : ISubscriber
    {
        public int Number { get; } = number;

        long ISubscriber.Number => Number;

        public bool MayOverlap => true;

        public void Deliver(in Message message, ReadOnlySpan<Subscription> matches, DeliveryRound round)
        {
        }
    }
}
