namespace Millrace.Devices.Policies;

/// <summary>What somebody wants to know of policies, without a client that does it.</summary>
public sealed record PolicyQuestion
{
    /// <summary>As <c>iot:Publish</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The topic or topic filter; null where the action is iot:Connect.</summary>
    public string? Topic { get; init; }

    /// <summary>Null: the name of the thing, or else <c>test</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>A thing that the client's certificate is attached to, in place of those it really is; null: those.</summary>
    public string? Thing { get; init; }

    /// <summary>Where the client comes from; null: from nowhere, and conditions on it do not hold.</summary>
    public string? SourceIp { get; init; }

    /// <summary>It asks for a session that outlives the connection.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>It brings a will.</summary>
    public bool HasWill { get; init; }
}
