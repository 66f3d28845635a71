using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules.Windows;

/// <summary>What one message is to its windows. A view, good until its reader reads the next.</summary>
public readonly ref struct WindowRow
{
    private readonly Fields _fields;

    internal WindowRow(WindowPlan plan, Fields fields, ReadOnlySpan<byte> key)
    {
        Plan = plan;
        Key = key;
        _fields = fields;
    }

    /// <summary>Of its group; equal bytes for equal values, and only for those.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The event time; missing where the statement takes the arrival.</summary>
    public Field Time => Plan.HasTime ? _fields[Plan.Names.Length - 1] : default;

    public ReadOnlySpan<byte> TimeText => Plan.HasTime ? _fields.Text(Plan.Names.Length - 1) : default;

    internal WindowPlan Plan { get; }

    internal Field Argument(int index) => _fields[Plan.Keys + index];

    internal ReadOnlySpan<byte> ArgumentText(int index) => _fields.Text(Plan.Keys + index);
}
