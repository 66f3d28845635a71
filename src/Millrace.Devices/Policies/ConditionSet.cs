namespace Millrace.Devices.Policies;

/// <summary>Which values of a key that has several must fulfil a condition.</summary>
internal enum ConditionSet
{
    /// <summary>The key has one value.</summary>
    One,

    /// <summary>Each of them; also where there is none.</summary>
    All,

    /// <summary>At least one.</summary>
    Any,
}
