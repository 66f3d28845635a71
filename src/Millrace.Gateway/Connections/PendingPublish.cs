using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;

namespace Millrace.Gateway.Connections;

/// <summary>A QoS 1 or 2 message that is not answered yet.</summary>
/// <param name="Commit">The commit of its partition that makes it safe; 0 for one that was refused and only waits for its turn.</param>
/// <param name="PacketId">Of the answer.</param>
/// <param name="Qos">2 is answered with PUBREC.</param>
/// <param name="Reason">Of the answer.</param>
/// <param name="Retained">To be put in place with the commit; null where it is not retained.</param>
/// <param name="Begun">What <see cref="RetainedStore.Begin"/> was told.</param>
internal readonly record struct PendingPublish(
    long Commit, ushort PacketId, byte Qos, ReasonCode Reason = ReasonCode.Success, RetainedMessage? Retained = null, LogPosition Begun = default);
