using System.Buffers;
using System.Text;

namespace Millrace.Sql.Rules.Windows;

/// <summary>The aggregates of one group in one window. Not for two threads at once.</summary>
public sealed class GroupValues
{
    /// <summary>Bytes of the longest value that first, last, min, max or count(distinct) takes.</summary>
    public const int MaxKept = 4096;

    private readonly WindowPlan _plan;
    private readonly Accumulator[] _parts;

    internal GroupValues(WindowPlan plan)
    {
        _plan = plan;
        _parts = [.. plan.Aggregates.Select(static aggregate => Accumulator.New(aggregate.Kind))];
    }

    /// <summary>A row is in the window.</summary>
    public void Add(in WindowRow row, in RowOrder order)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            var argument = _plan.Aggregates[i].Argument;
            if (argument < 0) _parts[i].AddRow();
            else if (row.Argument(argument).Kind is not (Payload.FieldKind.Missing or Payload.FieldKind.Null))
                _parts[i].Add(row.Argument(argument), row.ArgumentText(argument), order);
        }
    }

    /// <summary>Takes in the rows of another window, which is then of no use: two sessions have become one.</summary>
    public void Merge(GroupValues other)
    {
        for (var i = 0; i < _parts.Length; i++) _parts[i].Merge(other._parts[i]);
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var part in _parts) part.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote for a statement of the same layout.</summary>
    public void Read(BinaryReader reader)
    {
        foreach (var part in _parts) part.Read(reader);
    }

    /// <summary>Members of an object, each with a comma behind it. What has no value is left out.</summary>
    internal void WriteJson(ArrayBufferWriter<byte> output)
    {
        var value = new ArrayBufferWriter<byte>(32);
        for (var i = 0; i < _parts.Length; i++)
        {
            value.ResetWrittenCount();
            _parts[i].WriteJson(value);
            if (value.WrittenCount == 0) continue;
            output.Write(Encoding.UTF8.GetBytes($"\"{WindowCompiler.ArgumentName(i)}\":"));
            output.Write(value.WrittenSpan);
            output.Write(","u8);
        }
    }
}
