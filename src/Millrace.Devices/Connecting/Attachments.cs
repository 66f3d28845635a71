namespace Millrace.Devices.Connecting;

/// <summary>What is attached to a credential at one moment. Another object as soon as anything of it is another.</summary>
internal sealed class Attachments(IReadOnlyList<string> policies, IReadOnlyList<string> things)
{
    /// <summary>The policies as one text: those with the same have the same policies.</summary>
    public string Key { get; } = policies is [var one] ? one : string.Join('\n', policies);

    public IReadOnlyList<string> Policies => policies;

    public IReadOnlyList<string> Things => things;
}
