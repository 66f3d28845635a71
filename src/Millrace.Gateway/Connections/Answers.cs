using Millrace.Mqtt;

namespace Millrace.Gateway.Connections;

/// <summary>Writes PUBACKs and PUBRECs one behind the other, with the connection's lock held once for all of them.</summary>
internal ref struct Answers
{
    private const int LongestAnswer = 5;

    private readonly Connection? _connection;
    private readonly Span<byte> _into;
    private int _used;
    private int _count;

    public Answers(Connection connection, OutputBuffer output, int most)
    {
        _connection = connection;
        _into = output.GetSpan(LongestAnswer * most);
    }

    public void Add(PacketType type, ushort packetId, ReasonCode reason)
    {
        if (_connection is null) return;
        var into = _into[_used..];
        var hasReason = reason != ReasonCode.Success;
        (into[0], into[1], into[2], into[3]) = ((byte)((int)type << 4), hasReason ? (byte)3 : (byte)2, (byte)(packetId >> 8), (byte)packetId);
        if (hasReason) into[4] = (byte)reason;
        _used += hasReason ? 5 : 4;
        _count++;
    }

    public void Dispose() => _connection?.EndAnswers(_used, _count);
}
