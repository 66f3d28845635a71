using Millrace.Contracts.Flows;
using Millrace.Flows.Options;

namespace Millrace.Flows.Running;

/// <summary>Where the lanes of a flow begin, settled before the first of them moves.</summary>
internal static class LanePlaces
{
    /// <summary>Settles a flow and, of one with windows, its rows: places in the rows are none in what the windows are made from.</summary>
    public static void SettleAll(FlowPlan plan, IReadOnlyCollection<string> former, FlowServices services)
    {
        Settle(plan, [.. former.Where(static lane => !LaneNames.IsOfRows(lane))], services, always: false);

        // Rows of windows come as soon as their flow runs: the lane that carries them must not wait for its destination to find where it begins.
        if (plan.Rows is { } rows) Settle(rows, [.. former.Where(LaneNames.IsOfRows)], services, always: true);
    }

    /// <summary>
    /// Gives each lane without a checkpoint one: where the flow stands (the furthest of its other lanes), or where a flow begins. Were that left to when a
    /// lane first opens its destination, one that is away would begin where the others have got to, and never see what they saw.
    /// </summary>
    /// <param name="plan">The flow.</param>
    /// <param name="former">Names of lanes that the flow had until now.</param>
    /// <param name="services">With all flows' checkpoints.</param>
    /// <param name="always">Also where there is one lane, whose runner would do the same.</param>
    private static void Settle(FlowPlan plan, IReadOnlyCollection<string> former, FlowServices services, bool always)
    {
        var begun = new Dictionary<string, Checkpoint>();
        foreach (var source in plan.Source.Partitions)
        {
            Checkpoint? PlaceOf(string lane) => plan.HeldBy($"{lane}/{source.Index}") ?? services.Lazy.Load($"{lane}/{source.Index}");
            var known = plan.Lanes.Select(static lane => lane.Name).Union(former).Select(PlaceOf).OfType<Checkpoint>().ToArray();
            if (known.Length == 0 && plan.Lanes.Count == 1 && !always) continue; // Its runner does the same, at its first start.
            var start = known.Length > 0 ? known.Max(static place => place.Offset) : plan.StartOf(source);
            foreach (var lane in plan.Lanes.Where(lane => PlaceOf(lane.Name) is null)) begun.Add(lane.KeyOf(source.Index), new Checkpoint(start, default));
        }

        // What failed first may be told before the error destination is open: its lane begins before that.
        if (plan.ErrorLane?.KeyOf(0) is { } errors && services.RuleErrors is { } log && (plan.HeldBy(errors) ?? services.Lazy.Load(errors)) is null)
            begun.Add(errors, new Checkpoint(log.Log.Partitions[0].End, default));
        services.Checkpoints.Save(begun);
    }
}
