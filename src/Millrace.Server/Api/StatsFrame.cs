namespace Millrace.Server.Api;

/// <summary>Sent to every live view a few times a second.</summary>
/// <param name="Type">stats.</param>
/// <param name="At">The server's clock.</param>
/// <param name="Messages">Seen by the live flow since its first day.</param>
/// <param name="Rate">Of these, a second.</param>
/// <param name="Last">The newest.</param>
/// <param name="Gateway">As in the ledger.</param>
/// <param name="Flows">As in the ledger.</param>
/// <param name="Balanced">Whether the whole ledger adds up.</param>
public sealed record StatsFrame(
    string Type,
    DateTimeOffset At,
    long Messages,
    double Rate,
    LastMessage? Last,
    LedgerGateway Gateway,
    IReadOnlyList<LedgerFlow> Flows,
    bool Balanced);
