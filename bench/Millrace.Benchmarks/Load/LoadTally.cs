using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Load;

/// <summary>What the clients of one generator have seen together. For one thread at a time.</summary>
internal sealed class LoadTally
{
    private readonly WallClock _clock = new();

    /// <summary>As of the last <see cref="ReadClock"/>: what arrived together has one time.</summary>
    public long NowNs { get; private set; }

    /// <summary>When the last answer or message came.</summary>
    public long LastNs { get; private set; }

    public long Sent { get; set; }

    /// <summary>By PUBACK or PUBCOMP; with QoS 0 by the PINGRESP to a PINGREQ behind the message.</summary>
    public long Acknowledged { get; private set; }

    public long Delivered { get; private set; }

    public Histogram ToAck { get; } = new();

    public Histogram ToDelivery { get; } = new();

    public LoadTally() => ReadClock();

    public long ReadClock() => NowNs = _clock.NowNs;

    public void Acknowledge(long sentNs)
    {
        ToAck.Record(NowNs - sentNs);
        Acknowledged++;
        LastNs = NowNs;
    }

    public void Deliver(long waitedNs)
    {
        ToDelivery.Record(waitedNs);
        Delivered++;
        LastNs = NowNs;
    }
}
