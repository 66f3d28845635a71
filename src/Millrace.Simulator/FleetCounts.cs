namespace Millrace.Simulator;

/// <summary>What a fleet has done so far. <c>Published = Acknowledged + Refused + Dropped + Waiting</c>.</summary>
public readonly record struct FleetCounts
{
    /// <summary>Devices that are connected now.</summary>
    public int Connected { get; init; }

    /// <summary>Messages that devices made and want to be delivered.</summary>
    public long Published { get; init; }

    /// <summary>Messages of which the PUBACK came.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Messages that the server would not have.</summary>
    public long Refused { get; init; }

    /// <summary>Messages that a device could no longer keep.</summary>
    public long Dropped { get; init; }

    /// <summary>Messages that are kept, sent or not, until they are acknowledged.</summary>
    public long Waiting { get; init; }

    /// <summary>Messages sent once more because the connection broke before their PUBACK: the server may have them twice.</summary>
    public long SentAgain { get; init; }
}
