using Millrace.Flows.Options;

namespace Millrace.Server.Rules;

/// <summary>A change of one rule that was put at run time.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Flow">What it is from now on; null: it goes.</param>
/// <param name="SaveAsync">Makes the change durable; called once the rule runs so.</param>
internal sealed record RuleChange(string Name, FlowOptions? Flow, Func<Task> SaveAsync);
