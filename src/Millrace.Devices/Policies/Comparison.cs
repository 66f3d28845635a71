namespace Millrace.Devices.Policies;

/// <summary>When a value of a connection fits a value of a condition.</summary>
internal enum Comparison
{
    Equal,
    EqualIgnoreCase,

    /// <summary>With <c>*</c> and <c>?</c>.</summary>
    Like,
    Bool,

    /// <summary>Lies in the network.</summary>
    Address,
}
