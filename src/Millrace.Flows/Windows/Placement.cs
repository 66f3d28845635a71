namespace Millrace.Flows.Windows;

/// <summary>What became of a row.</summary>
internal enum Placement : byte
{
    /// <summary>It is in each of its windows.</summary>
    Taken,

    /// <summary>One of its windows at least has ended; it is in the others.</summary>
    Late,

    /// <summary>It would open more groups than there may be, and is in none.</summary>
    NoRoom,
}
