using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Gateway;

/// <summary>Every line of the report, in its order.</summary>
internal static class GatewayRows
{
    /// <summary>The one row without a peer: see <see cref="AllocationMeasure"/>.</summary>
    public const string Allocations = "allocations";

    private const int StormConnections = 10_000;
    private const int StormAtOnce = 50;
    private const int IdleConnections = 10_000;

    private static readonly LoadShape[] Shapes = [new(100, 50), new(1000, 10), new(100, 1)];

    public static IReadOnlyList<GatewayRow> All { get; } =
    [
        .. Shapes.Select(static shape => Alone(shape, qos: 0)),
        .. Shapes.Select(static shape => Alone(shape, qos: 1)),
        Alone(Shapes[0], qos: 2),
        .. Shapes.Select(static shape => OneSubscriber(shape, qos: 0)),
        .. Shapes.Select(static shape => OneSubscriber(shape, qos: 1)),
        OneSubscriber(Shapes[0], qos: 2),
        FanOut(qos: 0),
        FanOut(qos: 1),
        FanIn(qos: 0),
        FanIn(qos: 1),
        Shared(qos: 0),
        Shared(qos: 1),
        Alone(Shapes[0], qos: 1) with { Name = "tls", Group = "over TLS, no subscriber", OverTls = true },
        new("storm", "connections", "connect and leave, 50 at once", static _ => new StormMeasure(StormConnections, StormAtOnce)),
        new("idle", "connections", "10,000 idle", static _ => new IdleMeasure(IdleConnections)),
    ];

    public static IEnumerable<string> Names => All.Select(static row => row.Name).Append(Allocations);

    /// <summary>A name, or the beginning of several as far as a hyphen: <c>qos1</c> is <c>qos1-100x50</c> and its neighbours.</summary>
    public static bool Matches(string name, string wanted) => name == wanted || name.StartsWith($"{wanted}-", StringComparison.Ordinal);

    private static GatewayRow Alone(LoadShape shape, int qos) => new(
        $"qos{qos}-{Short(shape)}", "no subscriber", $"QoS {qos}, {shape}", options => new PublishMeasure(shape, qos, null, options));

    private static GatewayRow OneSubscriber(LoadShape shape, int qos) => new(
        $"one-qos{qos}-{Short(shape)}", "one subscriber to #", $"QoS {qos}, {shape}",
        options => new PublishMeasure(shape, qos, new LoadSubscription(1, "#", qos), options));

    private static GatewayRow FanOut(int qos) => new(
        $"fan-out-qos{qos}", "1 publisher, 1,000 subscribers", $"QoS {qos}, 10 in flight",
        options => new PublishMeasure(new LoadShape(1, 10), qos, new LoadSubscription(1000, TelemetryPacket.TopicOf(0), qos), options));

    private static GatewayRow FanIn(int qos) => new(
        $"fan-in-qos{qos}", "1,000 publishers, 1 subscriber to dt/#", $"QoS {qos}, 1 in flight",
        options => new PublishMeasure(new LoadShape(1000, 1), qos, new LoadSubscription(1, "dt/#", qos), options));

    private static GatewayRow Shared(int qos) => new(
        $"shared-qos{qos}", "4 subscribers share $share/g/#", $"QoS {qos}, {Shapes[0]}",
        options => new PublishMeasure(Shapes[0], qos, new LoadSubscription(4, "$share/g/#", qos), options));

    private static string Short(LoadShape shape) => $"{shape.Connections}x{shape.Window}";
}
