using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>The groups of windows that have not ended.</summary>
internal abstract class OpenWindows
{
    /// <summary>Groups, in each window that they are in.</summary>
    public int Count { get; protected set; }

    /// <summary>Where the oldest begins; null where there is none.</summary>
    public abstract long? OldestNs { get; }

    public static OpenWindows Of(WindowPlan plan) => plan.Kind == WindowKind.Session ? new SessionWindows(plan) : new GridWindows(plan);

    /// <param name="row">To be put into its windows.</param>
    /// <param name="order">Its time and place.</param>
    /// <param name="watermark">What ends up to there has ended, whether it was taken out already or not.</param>
    /// <param name="most">How many groups there may be.</param>
    public abstract Placement Add(in WindowRow row, in RowOrder order, long watermark, int most);

    /// <summary>Takes out what has ended.</summary>
    public abstract IReadOnlyList<ClosedWindow> Close(long watermark);

    public abstract void Write(BinaryWriter writer);

    public abstract void Read(BinaryReader reader);
}
