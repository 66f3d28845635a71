namespace Millrace.Storage.Series.Query;

/// <summary>Why a query gave no answer.</summary>
public enum QueryError
{
    /// <summary>It is not SQL, or an expression in it does not fit.</summary>
    Syntax,

    /// <summary>It names a table, a column or a function that there is not.</summary>
    NotFound,

    /// <summary>It is more than a SELECT over tables, and that is not allowed.</summary>
    Refused,

    /// <summary>It is right, and a value made it fail: a division, a cast, a number out of range.</summary>
    Failed,

    /// <summary>It took longer than it may.</summary>
    Timeout,

    /// <summary>It needed more memory or more space for spilling than it may take.</summary>
    Memory,

    /// <summary>Too many queries wait already.</summary>
    Busy,

    /// <summary>Whoever asked went away, or the server stops.</summary>
    Cancelled,
}
