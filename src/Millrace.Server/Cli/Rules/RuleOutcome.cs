namespace Millrace.Server.Cli.Rules;

/// <summary>What became of a message.</summary>
internal enum RuleOutcome
{
    Fired,

    /// <summary>The topic is not behind FROM, or the condition is not true.</summary>
    NotFired,

    /// <summary>The rule cannot be evaluated on this message.</summary>
    Unreadable,

    /// <summary>The statement is wrong.</summary>
    Refused,
}
