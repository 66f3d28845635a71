using Millrace.Flows.Running;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>Destinations of flows in tests.</summary>
internal static class Lane
{
    /// <summary>To a sink that does what a test tells it to.</summary>
    public static LanePlan To(string flow, ScriptedSink sink, string kind = "test", bool isOnlyOne = true) => new()
    {
        Name = $"{flow}:{kind}",
        Shown = isOnlyOne ? flow : $"{flow}:{kind}",
        CreateSink = (_, _) => sink.Open(),
        Kind = kind,
        Target = "nowhere",
        ActionName = $"{kind}Action",
    };
}
