using Millrace.Flows.Windows;

namespace Millrace.Server.Api;

/// <summary>The loss ledger: what came in, and what became of it.</summary>
/// <param name="Balanced">Whether every line of it adds up.</param>
/// <param name="Gateway">Since the server was started.</param>
/// <param name="Log">The ingress log, from its first day.</param>
/// <param name="Flows">From each flow's first day.</param>
/// <param name="Windows">What flows with GROUP BY hold, and what came too late for them.</param>
public sealed record LedgerAnswer(
    bool Balanced, LedgerGateway Gateway, LedgerLog Log, IReadOnlyList<LedgerFlow> Flows, IReadOnlyList<WindowStatus> Windows);
