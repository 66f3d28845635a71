using Millrace.Gateway.Counting;

namespace Millrace.Gateway.Topics;

/// <summary>The subscribers that got something of the messages at hand, each to be woken up once when all are delivered.</summary>
/// <remarks>Not for two threads at once.</remarks>
internal sealed class DeliveryRound(GatewayCounters counters)
{
    private readonly List<IWakeUp> _touched = [];
    private int _sent;

    public void Sent() => _sent++;

    public void Touch(IWakeUp subscriber) => _touched.Add(subscriber);

    public void End()
    {
        if (_sent > 0) counters.Sent(_sent);
        _sent = 0;
        if (_touched.Count == 0) return;
        foreach (var subscriber in _touched) subscriber.WakeUp();
        _touched.Clear();
    }
}
