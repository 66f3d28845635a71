namespace Millrace.Gateway.Counting;

/// <summary>Packets of one direction of a connection that its listener has not counted yet.</summary>
internal struct Traffic
{
    /// <summary>Of every type.</summary>
    public int Packets { get; private set; }

    public int Publishes { get; private set; }

    /// <summary>Payloads of PUBLISH packets.</summary>
    public long PublishBytes { get; private set; }

    public void Add(int packets) => Packets += packets;

    public void AddPublish(int payloadLength)
    {
        Packets++;
        Publishes++;
        PublishBytes += payloadLength;
    }
}
