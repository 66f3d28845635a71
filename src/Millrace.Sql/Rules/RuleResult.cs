namespace Millrace.Sql.Rules;

/// <summary>What a rule made of a message.</summary>
public enum RuleResult : byte
{
    /// <summary>The condition is not true: there is nothing to do.</summary>
    NotFired,

    /// <summary>The rule fires and its output is the payload as it is; nothing was written.</summary>
    Unchanged,

    /// <summary>The rule fires and its output was written.</summary>
    Output,

    /// <summary>The rule cannot be evaluated on this message, for <see cref="RuleContext.Reason"/>. What was written means nothing.</summary>
    Unreadable,
}
