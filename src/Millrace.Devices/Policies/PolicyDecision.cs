namespace Millrace.Devices.Policies;

/// <summary>What policies say to one question, and which statement says so.</summary>
/// <param name="IsAllowed">The answer.</param>
/// <param name="Policy">The policy with the statement that decided; null where none did.</param>
/// <param name="Statement">Its number in the policy, from 0.</param>
/// <param name="Sid">Its name, where it has one.</param>
/// <param name="Why">In words.</param>
/// <param name="PassedOver">Why statements with the action did not count.</param>
public sealed record PolicyDecision(bool IsAllowed, string? Policy, int? Statement, string? Sid, string Why, IReadOnlyList<string> PassedOver);
