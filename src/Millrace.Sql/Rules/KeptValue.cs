using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary>A value that outlives the call that made it, until the message is done.</summary>
/// <remarks>What stands in the payload is kept as its place there, anything else is copied.</remarks>
internal sealed class KeptValue(RuleContext context)
{
    private readonly TextBuffer _copy = new(context);
    private ValueKind _kind;
    private Number _number;
    private bool _flag;
    private bool _inPayload;
    private int _start;
    private int _length;

    public bool IsSet { get; private set; }

    public void Clear()
    {
        IsSet = false;
        _copy.Clear();
    }

    /// <summary>Keeps a value; Undefined where there is no room for it.</summary>
    public void Keep(scoped in Evaluation e, Value value)
    {
        _copy.Clear();
        IsSet = true;
        (_kind, _number, _flag) = (value.Kind, value.Computed, value.Flag);
        var bytes = value.Bytes;
        _inPayload = e.Payload.Overlaps(bytes, out _start);
        _length = bytes.Length;
        if (_inPayload || bytes.IsEmpty) return;
        if (!e.Context.HasRoom(bytes.Length))
        {
            (_kind, _length) = (ValueKind.Undefined, 0);
            return;
        }

        bytes.CopyTo(_copy.GetSpan(bytes.Length));
        _copy.Advance(bytes.Length);
    }

    public Value View(ReadOnlySpan<byte> payload) => Value.Of(_kind, Bytes(payload), _number, _flag);

    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> payload) => _inPayload ? payload.Slice(_start, _length) : _copy.Written;
}
