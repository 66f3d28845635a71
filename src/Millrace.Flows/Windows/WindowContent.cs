using Millrace.Flows.Options;

namespace Millrace.Flows.Windows;

/// <summary>All that a snapshot holds.</summary>
internal sealed class WindowContent(WindowSettings settings)
{
    public PartitionPlace[] Places { get; } = new PartitionPlace[settings.Partitions];

    public Watermark Watermark { get; } = new(settings.Partitions, settings.Options.LatenessNs, settings.Options.Idle, settings.Clock);

    public OpenWindows Open { get; } = OpenWindows.Of(settings.Plan);

    public Outbox Outbox { get; } = new(settings.Flow, settings.Rows, settings.Late);

    public long Emitted { get; set; }

    public long Late { get; set; }

    public long NoRoom { get; set; }
}
