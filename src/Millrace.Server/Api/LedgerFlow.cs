namespace Millrace.Server.Api;

/// <summary>The page of the ledger of a flow's destination.</summary>
/// <param name="Flow">As declared.</param>
/// <param name="Name">The flow's, while it has one destination; else that and the destination's, as <c>dtc-stop:series</c>.</param>
/// <param name="State">starting, running, retrying, failed or stopped.</param>
/// <param name="Error">Why it retries or failed.</param>
/// <param name="Sink">series, lake, stream, republish or live.</param>
/// <param name="Target">The table, the stream, the topic.</param>
/// <param name="Lag">Records of its source that it has not looked at.</param>
/// <param name="LastProgress">When it last finished a batch.</param>
/// <param name="Examined">Messages of its source that it has looked at.</param>
/// <param name="PassedOver">Of these, the ones its statement did not pick.</param>
/// <param name="Overtaken">Messages that the retention of its source deleted before it looked at them.</param>
/// <param name="Messages">The others.</param>
/// <param name="Records">What these became.</param>
/// <param name="OnTopic">Messages of the topics behind FROM, or that named the flow: AWS's TopicMatch.</param>
/// <param name="Fired">Of these, the ones for which WHERE was true.</param>
/// <param name="Failed">Of these, the ones that did not arrive: AWS's Failure.</param>
/// <param name="Latency">From arrival to destination, since the start.</param>
/// <param name="Balanced">Whether both add up.</param>
public sealed record LedgerFlow(
    string Flow,
    string Name,
    string State,
    string? Error,
    string Sink,
    string Target,
    long Lag,
    DateTimeOffset? LastProgress,
    long Examined,
    long PassedOver,
    long Overtaken,
    LedgerCounts Messages,
    LedgerCounts Records,
    long OnTopic,
    long Fired,
    long Failed,
    LedgerLatency Latency,
    bool Balanced);
