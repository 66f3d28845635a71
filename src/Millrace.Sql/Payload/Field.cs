using System.Buffers.Text;
using Millrace.Sql.Values;

namespace Millrace.Sql.Payload;

/// <summary>One value in a payload. A view, good as long as the payload is.</summary>
public readonly ref struct Field
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly FieldPlace _place;

    internal Field(ReadOnlySpan<byte> payload, FieldPlace place)
    {
        _payload = payload;
        _place = place;
    }

    public FieldKind Kind => _place.Kind;

    /// <summary>The bytes as they stand in the payload; of a string what is between the quotes.</summary>
    public ReadOnlySpan<byte> Raw => _payload.Slice(_place.Start, _place.Length);

    /// <summary>Where <see cref="Raw"/> begins in the payload, to name it in an error.</summary>
    public int Position => _place.Start;

    /// <summary>Whether <see cref="Raw"/> is a string with backslashes in it, so that its text is another.</summary>
    public bool IsEscaped => _place.Escaped;

    /// <summary>The nearest double. False for what is not a number, or too large for one.</summary>
    public bool TryGetDouble(out double value)
    {
        value = 0;
        if (Kind != FieldKind.Number) return false;
        if (ShortNumber.TryRead(Raw, out value)) return true;
        return Utf8Parser.TryParse(Raw, out value, out _) && double.IsFinite(value);
    }

    /// <summary>False for what is not a number, not whole (<c>3.0</c> is), or too large.</summary>
    public bool TryGetLong(out long value)
    {
        value = 0;
        if (Kind != FieldKind.Number) return false;
        if (Utf8Parser.TryParse(Raw, out value, out var used) && used == Raw.Length) return true;
        return Number.TryParse(Raw, out var number) && number.TryToLong(out value);
    }

    public bool TryGetBoolean(out bool value)
    {
        value = Kind == FieldKind.True;
        return Kind is FieldKind.True or FieldKind.False;
    }
}
