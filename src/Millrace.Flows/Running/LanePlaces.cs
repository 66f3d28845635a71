using Millrace.Contracts.Flows;

namespace Millrace.Flows.Running;

/// <summary>Where the lanes of a flow begin, settled before the first of them moves.</summary>
internal static class LanePlaces
{
    /// <summary>
    /// Gives each lane without a checkpoint one: where the flow stands (the furthest of its other lanes), or where a flow begins. Were that left to when a
    /// lane first opens its destination, one that is away would begin where the others have got to, and never see what they saw.
    /// </summary>
    /// <param name="plan">The flow.</param>
    /// <param name="former">Names of lanes that the flow had until now.</param>
    /// <param name="checkpoints">Of all flows.</param>
    public static void Settle(FlowPlan plan, IReadOnlyCollection<string> former, ICheckpointStore checkpoints)
    {
        var begun = new Dictionary<string, Checkpoint>();
        foreach (var source in plan.Source.Partitions)
        {
            Checkpoint? PlaceOf(string lane) => plan.HeldBy($"{lane}/{source.Index}") ?? checkpoints.Load($"{lane}/{source.Index}");
            var known = plan.Lanes.Select(static lane => lane.Name).Union(former).Select(PlaceOf).OfType<Checkpoint>().ToArray();
            if (known.Length == 0 && plan.Lanes.Count == 1) continue; // Its runner does the same, at its first start.
            var start = known.Length > 0 ? known.Max(static place => place.Offset) : plan.StartOf(source);
            foreach (var lane in plan.Lanes.Where(lane => PlaceOf(lane.Name) is null)) begun.Add(lane.KeyOf(source.Index), new Checkpoint(start, default));
        }

        checkpoints.Save(begun);
    }
}
