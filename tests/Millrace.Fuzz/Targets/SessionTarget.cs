using Millrace.Tests.Gateway.Model;

namespace Millrace.Fuzz.Targets;

/// <summary>Clients that keep to the rules, through losses, crashes and time, against the model of sessions.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    public string Name => "session";

    public void Run(int seed, FuzzInput input)
    {
        if (ModelSchedule.Check(seed) is not { } failure) return;
        input.Add(failure);
        throw new BrokenPromiseException(failure.Split('\n')[0]);
    }
}
