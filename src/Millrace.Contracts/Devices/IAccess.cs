namespace Millrace.Contracts.Devices;

/// <summary>What one connection may do, as policies say. Made for the connection and asked for every packet.</summary>
/// <remarks>
/// Any thread may ask. A change of a policy counts for the questions after it. The common answer costs a look-up and allocates nothing: topics are
/// asked for again and again.
/// </remarks>
public interface IAccess
{
    /// <summary>The certificate's id, or the name of the user or token; "" for an anonymous client.</summary>
    string Principal { get; }

    /// <summary>Cancelled when its credential is revoked or removed: the connection must end at once.</summary>
    CancellationToken Revoked { get; }

    /// <param name="topic">A valid topic name in UTF-8.</param>
    /// <param name="retain">With RETAIN set, which needs a permission of its own.</param>
    bool MayPublish(ReadOnlySpan<byte> topic, bool retain);

    /// <param name="filter">A valid topic filter in UTF-8, of a shared subscription without <c>$share/name/</c>.</param>
    bool MaySubscribe(ReadOnlySpan<byte> filter);

    /// <summary>Asked on every delivery.</summary>
    bool MayReceive(ReadOnlySpan<byte> topic);
}
