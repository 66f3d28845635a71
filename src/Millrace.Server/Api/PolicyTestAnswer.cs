using Millrace.Devices.Policies;

namespace Millrace.Server.Api;

/// <summary>What the policies say.</summary>
/// <param name="Allowed">The answer.</param>
/// <param name="Policy">The policy with the statement that decided; null where none did.</param>
/// <param name="Statement">Its number in the policy, from 0.</param>
/// <param name="Sid">Its name, where it has one.</param>
/// <param name="Why">In words.</param>
/// <param name="PassedOver">Why statements with the action did not count.</param>
public sealed record PolicyTestAnswer(bool Allowed, string? Policy, int? Statement, string? Sid, string Why, IReadOnlyList<string> PassedOver)
{
    public static PolicyTestAnswer Of(PolicyDecision decision) =>
        new(decision.IsAllowed, decision.Policy, decision.Statement, decision.Sid, decision.Why, decision.PassedOver);
}
