namespace Millrace.Tests.Gateway.Model;

/// <summary>Schedules by seed: made, run, and made shorter where one fails.</summary>
internal static class ModelSchedule
{
    private const int MostRunsToShorten = 400;

    // How many of a hundred.
    private static readonly (ModelActionKind Kind, int Weight)[] Weights =
    [
        (ModelActionKind.Connect, 12), (ModelActionKind.Publish, 14), (ModelActionKind.Subscribe, 7), (ModelActionKind.Unsubscribe, 2),
        (ModelActionKind.ToServer, 16), (ModelActionKind.ToClient, 14), (ModelActionKind.Acknowledge, 8), (ModelActionKind.LoseNetwork, 3),
        (ModelActionKind.NoticeLoss, 2), (ModelActionKind.Disconnect, 1), (ModelActionKind.CommitLog, 8), (ModelActionKind.CommitDocuments, 6),
        (ModelActionKind.Work, 8), (ModelActionKind.PassTime, 4), (ModelActionKind.Crash, 1),
    ];

    /// <returns>Null where the broker kept to the rules; else what it broke, and the shortest schedule that shows it.</returns>
    public static string? Check(int seed, ModelFault fault = ModelFault.None)
    {
        var actions = Make(seed);
        if (Run(seed, actions, fault) is not { } failure) return null;
        var (shortest, last) = Shorten(seed, actions, fault, failure);
        return $"seed {seed}: {last.Message}\n{shortest.Count} of {actions.Count} actions show it:\n{last.Notes}\n{last.Trace}";
    }

    private static List<ModelAction> Make(int seed)
    {
        var random = new Random(seed);
        var all = Weights.Sum(w => w.Weight);
        var actions = new List<ModelAction>();
        for (var count = random.Next(40, 260); count > 0; count--)
        {
            var at = random.Next(all);
            var kind = Weights.First(w => (at -= w.Weight) < 0).Kind;
            actions.Add(new ModelAction(kind, random.Next(4), random.Next()));
        }

        return actions;
    }

    private static Failure? Run(int seed, List<ModelAction> actions, ModelFault fault)
    {
        var run = new ModelRun(seed, fault);
        try
        {
            foreach (var action in actions) run.Do(action);
            run.Finish();
            return null;
        }
        catch (Exception e)
        {
            return new Failure(e.Message, run.Notes, e is ModelViolationException ? "" : e.ToString());
        }
    }

    /// <summary>Leaves out what is not needed, in smaller and smaller parts.</summary>
    private static (List<ModelAction> Actions, Failure Failure) Shorten(int seed, List<ModelAction> actions, ModelFault fault, Failure failure)
    {
        var runs = 0;
        for (var part = actions.Count / 2; part > 0; part /= 2)
        {
            for (var from = 0; from + part <= actions.Count && runs < MostRunsToShorten;)
            {
                var fewer = actions.Where((_, i) => i < from || i >= from + part).ToList();
                runs++;
                if (Run(seed, fewer, fault) is { } still) (actions, failure) = (fewer, still);
                else from += part;
            }
        }

        return (actions, failure);
    }

    private sealed record Failure(string Message, string Notes, string Trace);
}
