namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>All values of one message, sorted by field, in the order in which they came.</summary>
internal sealed class ProtoValues
{
    private readonly ProtoValue[] _values;
    private readonly int[] _starts;
    private readonly int[] _lastOfOneof;

    private ProtoValues(ProtoValue[] values, int[] starts, int[] lastOfOneof)
    {
        _values = values;
        _starts = starts;
        _lastOfOneof = lastOfOneof;
    }

    /// <summary>Null where the bytes are no message.</summary>
    public static ProtoValues? TryRead(ProtoMessage message, ReadOnlySpan<byte> bytes)
    {
        var values = new List<ProtoValue>();
        var starts = new int[message.Fields.Length + 1];
        var oneofs = new int[message.Oneofs];
        Array.Fill(oneofs, -1);
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            var index = message.IndexOf(reader.Field);
            if (index < 0) continue;
            var field = message.Fields[index];
            var isPacked = field.IsRepeated && reader.Type == WireType.Bytes && field.Wire is not (WireType.Bytes or WireType.StartGroup);

            // Another type than the field's is an unknown field, as for readers of an older schema.
            if (reader.Type != field.Wire && !isPacked) continue;
            var isNumber = reader.Type is not (WireType.Bytes or WireType.StartGroup);
            values.Add(new ProtoValue(index, reader.Number, isNumber ? 0 : reader.Start, isNumber ? 0 : reader.Length, isPacked));
            starts[index + 1]++;
            if (field.Oneof >= 0) oneofs[field.Oneof] = index;
        }

        if (reader.Failed) return null;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        return new ProtoValues(Sort(values, starts), starts, oneofs);
    }

    public static bool IsDefault(ProtoField field, ProtoValue value, ReadOnlySpan<byte> bytes) => field.Type switch
    {
        ProtoType.Text or ProtoType.Bytes => value.In(bytes).IsEmpty,
        _ => value.Number == 0,
    };

    public ReadOnlySpan<ProtoValue> Of(int field) => _values.AsSpan(_starts[field].._starts[field + 1]);

    /// <summary>The field that came last of those of which one can be there.</summary>
    public int LastOf(int oneof) => _lastOfOneof[oneof];

    private static ProtoValue[] Sort(List<ProtoValue> values, int[] starts)
    {
        var sorted = new ProtoValue[values.Count];
        var next = starts.AsSpan().ToArray();
        foreach (var value in values) sorted[next[value.Field]++] = value;
        return sorted;
    }
}
