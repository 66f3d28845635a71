namespace Millrace.Contracts;

/// <summary>What went wrong, in terms of what to do next. Runners decide by this, and by nothing else.</summary>
public enum Fault
{
    /// <summary>The far side is away: keep the batch, open again with back-off.</summary>
    Unavailable,

    /// <summary>The far side will not have this record: dead letter, go on.</summary>
    Refused,

    /// <summary>Bytes from outside that do not parse: dead letter, go on.</summary>
    Unreadable,

    /// <summary>Our own bytes are wrong: stop the store and say so; never skip.</summary>
    Corrupt,
}
