using System.Buffers;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary>Reads the rows that the rule of a statement with GROUP BY makes of messages. Not for two threads at once.</summary>
public sealed class WindowRowReader
{
    /// <summary>A longer key of a group is not taken: keys come from devices, and are kept.</summary>
    public const int MaxKey = 1024;

    private readonly WindowPlan _plan;
    private readonly FieldReader _reader;
    private readonly ArrayBufferWriter<byte> _key = new(64);
    private readonly ArrayBufferWriter<byte> _part = new(64);

    internal WindowRowReader(WindowPlan plan)
    {
        _plan = plan;
        _reader = new FieldReader(plan.Names);
    }

    /// <param name="row">What the rule wrote.</param>
    /// <param name="read">Good until the next call.</param>
    /// <param name="problem">Why the message cannot be in a window.</param>
    public bool TryRead(ReadOnlySpan<byte> row, out WindowRow read, out string problem)
    {
        read = default;
        problem = "";
        if (!_reader.TryRead(row, out var fields))
        {
            problem = _reader.Error.ToString();
            return false;
        }

        _key.ResetWrittenCount();
        for (var i = 0; i < _plan.Keys; i++)
        {
            _part.ResetWrittenCount();
            Canonical(fields[i], fields.Text(i), _part);
            if (_key.WrittenCount + _part.WrittenCount > MaxKey)
            {
                problem = $"the key of its group is longer than {MaxKey} bytes";
                return false;
            }

            KeyParts.Write(_key, _part.WrittenSpan);
        }

        for (var i = _plan.Keys; i < _plan.Names.Length; i++)
        {
            if (fields[i].Raw.Length <= GroupValues.MaxKept || fields[i].Kind == FieldKind.Missing) continue;
            problem = $"an aggregate would have to keep a value of {fields[i].Raw.Length} bytes; it keeps at most {GroupValues.MaxKept}";
            return false;
        }

        read = new WindowRow(_plan, fields, _key.WrittenSpan);
        return true;
    }

    /// <summary>Numbers without their accidents (1.0 is 1), strings with the escapes they need; nothing for what is missing.</summary>
    internal static void Canonical(Field field, ReadOnlySpan<byte> text, IBufferWriter<byte> into)
    {
        switch (field.Kind)
        {
            case FieldKind.Missing:
                break;
            case FieldKind.String:
                JsonText.WriteQuoted(into, text);
                break;
            case FieldKind.Number when Number.TryParse(field.Raw, out var number):
                Value.Of(number).WriteJson(into);
                break;
            default:
                into.Write(field.Raw);
                break;
        }
    }
}
