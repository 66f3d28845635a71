using Millrace.Mqtt;

namespace Millrace.Tests.Gateway.Model;

/// <summary>What a client subscribed to and what it got since its session began; and whether that is what it may and must have got.</summary>
internal sealed class ClientHistory
{
    private readonly List<ModelSubscription> _subscriptions = [];
    private readonly Dictionary<int, List<Receipt>> _receipts = [];
    private readonly Dictionary<(string Publisher, string Topic), ModelMessage> _last = [];

    /// <summary>The server may have begun another session without the client's knowing.</summary>
    public bool IsUncertain { get; set; }

    public IEnumerable<string> Filters => _subscriptions.Where(s => s.UnsubscribedAt < 0).Select(s => s.Filter).Distinct();

    public ModelSubscription Subscribing(string filter, byte options, uint identifier, int step)
    {
        var before = _subscriptions.FindLast(s => s.Filter == filter && s.UnsubscribedAt < 0);
        var subscription = new ModelSubscription(filter, options, identifier, step) { Before = before };
        _subscriptions.Add(subscription);
        return subscription;
    }

    public void Subscribed(ModelSubscription subscription, int step)
    {
        subscription.AckedAt = step;
        foreach (var before in _subscriptions)
            if (before.Filter == subscription.Filter && before.SentAt < subscription.SentAt && before.ReplacedAt < 0) before.ReplacedAt = step;
    }

    /// <returns>Whether there is such a subscription; null where the client cannot know.</returns>
    public bool? Unsubscribing(string filter, int step)
    {
        var here = _subscriptions.Where(s => s.Filter == filter && s.UnsubscribedAt < 0).ToList();
        bool? isThere = here.Count == 0 ? false : here.Exists(s => s.UnsubscribeSentAt >= 0) || here[^1].AckedAt < 0 ? null : true;
        foreach (var subscription in here)
            if (subscription.UnsubscribeSentAt < 0) subscription.UnsubscribeSentAt = step;
        return isThere;
    }

    public void Unsubscribed(string filter, int step)
    {
        foreach (var subscription in _subscriptions)
            if (subscription.Filter == filter && subscription is { UnsubscribeSentAt: >= 0, UnsubscribedAt: < 0 }) subscription.UnsubscribedAt = step;
    }

    /// <summary>The client takes a message: may it be this one, now and in this way?</summary>
    public void Received(ModelRun run, ModelClient client, ModelMessage message, Receipt receipt, List<uint> identifiers, uint? expiry)
    {
        void Must(bool holds, string otherwise)
        {
            if (!holds) throw new ModelViolationException($"{client.Id} gets {message} with QoS {receipt.Qos}: {otherwise}");
        }

        Must(message.SentAt >= 0, "it is not published yet");
        var live = _subscriptions.FindAll(s => s.MayGet(message, client.Id));
        var asRetained = receipt.Retain
            ? _subscriptions.FindAll(s => message.Retain && s.Matches(message.Topic) && s.RetainHandling < 2 && !run.IsReplaced(message, s.SentAt))
            : [];
        var isLive = !receipt.Retain || (message.Retain && live.Exists(s => s.RetainAsPublished));
        var reasons = isLive ? live.Concat(asRetained).ToList() : asRetained;
        Must(reasons.Count > 0, "nothing it subscribed to asks for that");
        Must(reasons.Exists(s => Math.Min(s.Qos, message.Qos) == receipt.Qos), $"it was granted {string.Join(", ", reasons.Select(s => s.Qos))}");
        Must(receipt.Qos > 0 || !receipt.Dup, "DUP is set with QoS 0");
        var mayName = receipt is { Dup: true, Retain: true } ? _subscriptions.FindAll(s => s.Matches(message.Topic)) : reasons;
        Must(identifiers.TrueForAll(id => mayName.Exists(s => s.Identifier == id)), $"subscription identifiers {string.Join(", ", identifiers)} are not of what it subscribed to");
        CheckExpiry(run, message, receipt, expiry, client.Version, Must);

        if (!_receipts.TryGetValue(message.Number, out var before)) _receipts[message.Number] = before = [];
        if (asRetained.Count == 0)
        {
            // [MQTT-3.3.4-2] The highest QoS of all that match for certain; [MQTT-3.3.1-13] RETAIN as published, where all of them ask for it.
            var certain = live.FindAll(s => s.AckedAt >= 0 && s.AckedAt < message.SentAt && s is { ReplacedAt: < 0, UnsubscribeSentAt: < 0 } && IsLast(s));
            Must(certain.TrueForAll(s => receipt.Qos >= Math.Min(s.Qos, message.Qos)), $"it was granted {string.Join(", ", certain.Select(s => s.Qos))} for certain");
            Must(receipt.Dup || certain.TrueForAll(s => s.Identifier == 0 || identifiers.Contains(s.Identifier)), "a subscription identifier is missing");
            Must(!message.Retain || receipt.Retain || live.Exists(s => !s.RetainAsPublished), "RETAIN is lost");
            CheckRepetition(run, message, receipt, before, Must);
            CheckOrder(message, receipt, before, Must);
        }

        before.Add(receipt);
    }

    /// <summary>All is delivered that can be: did the client get all that it must?</summary>
    public void CheckComplete(ModelRun run, ModelClient client)
    {
        if (IsUncertain) return;
        foreach (var message in run.Messages)
        {
            if (message.Qos == 0 || message.AckedAt < 0 || message.Expiry is not null || message.IsRemoval || _receipts.ContainsKey(message.Number)) continue;
            if (_subscriptions.Find(s => MustGet(s, message, client.Id)) is { } asked)
                throw new ModelViolationException($"{client.Id} subscribed to {asked.Filter} with QoS {asked.Qos} in step {asked.AckedAt}, and never gets {message}, published in step {message.SentAt}");
        }

        foreach (var subscription in _subscriptions) CheckRetained(run, client, subscription);
    }

    private static void CheckExpiry(ModelRun run, ModelMessage message, Receipt receipt, uint? expiry, ProtocolVersion version, Action<bool, string> must)
    {
        if (message.Expiry is not { } lives)
        {
            must(expiry is null, "it has an expiry that it was not published with");
            return;
        }

        // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
        must(receipt.Dup || message.AckedAt < 0 || receipt.SentMs - message.AckedMs < lives * 1000L, "it has expired");
        if (version != ProtocolVersion.V5) return;
        must(expiry is { } left && left <= lives && left + ((run.NowMs - message.SentMs) / 1000) + 1 >= lives, $"of {lives} seconds {expiry} are left");
    }

    private void CheckRepetition(ModelRun run, ModelMessage message, Receipt receipt, List<Receipt> before, Action<bool, string> must)
    {
        var last = before.FindLast(r => !r.Retain);
        if (last == default) return;
        var qoss = _subscriptions.Where(s => s.Matches(message.Topic)).Select(s => Math.Min(s.Qos, message.Qos)).Distinct().ToList();
        if (receipt.Qos == 2) must(qoss.Count > 1 || last.Qos != 2 || message.WasRepeated || IsUncertain, $"it got it in step {last.Step}, and QoS 2 is exactly once");
        else if (receipt.Qos == 0) must(qoss.Count > 1 || message.WasRepeated, $"it got it in step {last.Step}, and QoS 0 is at most once");
        else must(receipt.Dup || message.WasRepeated || run.LastCrashAt > last.Step, $"it got it in step {last.Step}, and DUP is not set");
    }

    private void CheckOrder(ModelMessage message, Receipt receipt, List<Receipt> before, Action<bool, string> must)
    {
        if (receipt.Qos == 0 || message.IsWill || before.Count > 0) return;
        var key = (message.Publisher, message.Topic);
        if (!_last.TryGetValue(key, out var last) || last.Number < message.Number) _last[key] = message;

        // What was repeated with QoS 1 may be two messages to the server, and only the second one come here.
        else must(message.WasRepeated, $"it got {last} before, which was published later");
    }

    /// <summary>Published when the subscription was there for certain, and nothing has changed about it since that could make a difference.</summary>
    private bool MustGet(ModelSubscription subscription, ModelMessage message, string clientId)
    {
        if (subscription.AckedAt < 0 || subscription.AckedAt >= message.SentAt || subscription.UnsubscribeSentAt >= 0) return false;
        return subscription.Qos > 0 && subscription.MayGet(message, clientId)
            && _subscriptions.TrueForAll(s => s.Filter != subscription.Filter || s.SentAt <= subscription.SentAt || (s.Qos > 0 && !s.NoLocal && s.UnsubscribeSentAt < 0));
    }

    private void CheckRetained(ModelRun run, ModelClient client, ModelSubscription subscription)
    {
        var asks = subscription.Qos > 0 && subscription.AckedAt >= 0 && subscription.UnsubscribeSentAt < 0 && IsLast(subscription)
            && (subscription.RetainHandling == 0 || (subscription.RetainHandling == 1 && subscription.Before is null));
        if (!asks || run.LastCrashAt > subscription.SentAt) return;
        foreach (var (topic, values) in run.Retained)
        {
            var last = values[^1];
            if (!subscription.Matches(topic) || last.IsRemoval || last.Qos == 0 || last.Expiry is not null) continue;
            if (last.AckedAt < 0 || last.AckedAt >= subscription.SentAt) continue;
            var came = _receipts.TryGetValue(last.Number, out var receipts) && receipts.Exists(r => r.Step >= subscription.SentAt);
            if (!came) throw new ModelViolationException($"{client.Id} subscribed to {subscription.Filter} in step {subscription.SentAt}, and never gets {last}, which is retained since step {last.AckedAt}");
        }
    }

    private bool IsLast(ModelSubscription subscription) =>
        _subscriptions.TrueForAll(s => s.Filter != subscription.Filter || s.SentAt <= subscription.SentAt);
}
