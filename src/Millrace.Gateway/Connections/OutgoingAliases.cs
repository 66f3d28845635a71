namespace Millrace.Gateway.Connections;

/// <summary>The numbers that topics are sent with to a client: each topic has one place, which the last topic there owns.</summary>
/// <remarks>Nothing is searched and nothing counted. Topics that share a place are sent in full each time they change.</remarks>
internal sealed class OutgoingAliases(int maximum)
{
    private const int MostPlaces = 64;

    private readonly (byte[] Topic, int Length)[] _places = new (byte[] Topic, int Length)[Math.Min(maximum, MostPlaces)];

    /// <param name="topic">To be sent.</param>
    /// <param name="isKnown">Whether the client knows the number already, and the topic can be left out.</param>
    /// <returns>The topic's number.</returns>
    public uint Take(ReadOnlySpan<byte> topic, out bool isKnown)
    {
        var number = PlaceOf(topic);
        ref var place = ref _places[number];
        isKnown = place.Length > 0 && topic.SequenceEqual(place.Topic.AsSpan(0, place.Length));
        if (isKnown) return (uint)number + 1;
        if (place.Topic is null || place.Topic.Length < topic.Length) place.Topic = new byte[topic.Length];
        topic.CopyTo(place.Topic);
        place.Length = topic.Length;
        return (uint)number + 1;
    }

    /// <summary>What was taken for a topic was not sent.</summary>
    public void Forget(ReadOnlySpan<byte> topic) => _places[PlaceOf(topic)].Length = 0;

    private int PlaceOf(ReadOnlySpan<byte> topic)
    {
        var hash = default(HashCode);
        hash.AddBytes(topic);
        return (int)((uint)hash.ToHashCode() % (uint)_places.Length);
    }
}
