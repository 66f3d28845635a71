namespace Millrace.Contracts.Tables;

/// <summary>What becomes of a record whose time is further ahead than its table's <see cref="TableOptions.FutureLimit"/>.</summary>
public enum FutureRule : byte
{
    /// <summary>It is rejected, as Timestream does.</summary>
    Reject,

    /// <summary>It gets the time at which it arrived, and is counted.</summary>
    ArrivalTime,
}
