namespace Millrace.Storage.Series;

/// <summary>The values of one row by slot, for the few rows that are looked at one by one.</summary>
internal sealed class RowValues
{
    private readonly List<(int Slot, byte[]? Text, long Bits)> _values = [];

    public IReadOnlyList<(int Slot, byte[]? Text, long Bits)> All => _values;

    /// <summary>Sets or overwrites.</summary>
    public void Set(int slot, byte[]? text, long bits)
    {
        var at = _values.FindIndex(value => value.Slot == slot);
        if (at >= 0) _values[at] = (slot, text, bits);
        else _values.Add((slot, text, bits));
    }

    /// <summary>These values, and over them the others.</summary>
    public RowValues With(RowValues others)
    {
        var both = new RowValues();
        both._values.AddRange(_values);
        foreach (var (slot, text, bits) in others._values) both.Set(slot, text, bits);
        return both;
    }

    /// <summary>Whether each of the others is here, and equal.</summary>
    public bool Holds(RowValues others) => others._values.TrueForAll(other => _values.Exists(value =>
        value.Slot == other.Slot && value.Bits == other.Bits && value.Text.AsSpan().SequenceEqual(other.Text)));
}
