using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>Takes the points of a batch one by one: checks, finds the series, and appends what is newer than all its series has. Under the store's lock.</summary>
/// <remarks>A point that is not newer may be a repetition, a correction or a straggler; <see cref="LatePoints"/> finds out, for all of a batch at once.</remarks>
internal sealed class PointWriter(SeriesOptions options, TimeProvider clock, LatePoints late)
{
    private readonly byte[] _key = new byte[1 + (SeriesLimits.Dimensions * 3) + SeriesLimits.DimensionBytes + SeriesLimits.MeasureNameBytes];
    private readonly long[] _bits = new long[SeriesLimits.MeasuresPerRecord];
    private readonly int[] _order = new int[SeriesLimits.Dimensions];
    private readonly RecordWindow _window = new();
    private SeriesTable? _table;
    private int _record;

    /// <summary>Series in all tables.</summary>
    public long Series { get; set; }

    /// <param name="points">The batch.</param>
    /// <param name="outcomes">Receives what is refused or absorbed.</param>
    /// <param name="hotOf">Where a table's rows go, made ready for them.</param>
    public void Write(PointBatch points, Outcomes outcomes, Func<SeriesTable, HotRows> hotOf)
    {
        _table = null;
        late.Clear();
        HotRows hot = null!;
        for (var i = 0; i < points.Count; i++)
        {
            ref readonly var point = ref points.Points[i];
            if (!ReferenceEquals(point.Table, _table))
            {
                Enter((SeriesTable)point.Table);
                hot = hotOf(_table!);
            }

            var fields = points.FieldsOf(point);
            if (_window.Check(point, out var correctedNs) is { } outside)
            {
                outcomes.Refuse(point.Index, Fault.Refused, outside);
                continue;
            }

            if (Take(points, point, fields, out var code) is { } refusal)
            {
                outcomes.Refuse(point.Index, Fault.Refused, refusal);
                continue;
            }

            if (correctedNs is { } timeNs)
            {
                points.CorrectTime(i, timeNs);
                outcomes.TimeCorrected();
                _table!.TimesCorrected++;
            }

            ref var state = ref _table!.Series[code];
            if (point.TimeNs <= state.NewestNs)
            {
                late.Add(_table, points, point, code, _bits.AsSpan(0, point.Measures));
                continue;
            }

            Append(hot, points, point, fields[point.Dimensions..], code);
            state.NewestNs = point.TimeNs;
            state.LatestBits = _bits[0];
        }

        if (late.Any) late.Decide(outcomes, hotOf);
    }

    private void Enter(SeriesTable table)
    {
        _table = table;
        _window.Enter(table.Options, clock.GetUtcNow());
    }

    // Finds or makes the series; the values are in _bits then, as they will be stored.
    private string? Take(PointBatch points, in PointHead point, ReadOnlySpan<PointField> fields, out int code)
    {
        code = -1;
        var table = _table!;
        if (point.Version < 1) return $"version {point.Version}: versions begin at 1";
        if (Key(points, point, fields[..point.Dimensions], out var length) is { } wrong) return wrong;
        var key = _key.AsSpan(0, length);
        var name = points.Text(point.NameAt, point.NameLength);
        code = table.Series.Find(key);
        var known = code >= 0 ? table.Series[code].Kind : table.Series.KindOf(name);
        var kind = known ?? FirstKind(point, fields, name);
        var values = fields[point.Dimensions..];
        wrong = point.MultiMeasure ? Multi(points, values, name, kind) : Single(points, values, name, kind);
        if (wrong is null && code < 0) wrong = CannotBegin(points, fields[..point.Dimensions], name, known is null);
        if (wrong is not null) return wrong;
        if (point.MultiMeasure) SettleTypes(values);
        if (code >= 0) return null;

        if (known is null) table.Series.AddMeasureName(name, kind);
        code = table.Series.Add(key, kind);
        Series++;
        return null;
    }

    private string? Key(PointBatch points, in PointHead point, ReadOnlySpan<PointField> dimensions, out int length)
    {
        length = 0;
        if (point.NameLength == 0) return "the measure name is empty";
        if (point.NameLength > SeriesLimits.MeasureNameBytes) return $"the measure name has {point.NameLength} bytes; at most {SeriesLimits.MeasureNameBytes} are taken";
        if (dimensions.Length > SeriesLimits.Dimensions) return $"{dimensions.Length} dimensions; at most {SeriesLimits.Dimensions} are taken";

        var sorted = true;
        var bytes = 0;
        for (var i = 0; i < dimensions.Length; i++)
        {
            ref readonly var dimension = ref dimensions[i];
            if (dimension.Column < 0) return _table!.RefusalOf(dimension.Column);
            if (dimension.TextLength == 0) return $"dimension '{_table!.Dimensions[dimension.Column]}' is empty";
            bytes += dimension.TextLength;
            if (bytes > SeriesLimits.DimensionBytes) return TooMuch();
            sorted &= i == 0 || dimension.Column > dimensions[i - 1].Column;
        }

        if (!sorted && Sort(dimensions) is { } wrong) return wrong;
        _key[length++] = (byte)dimensions.Length;
        for (var i = 0; i < dimensions.Length; i++)
        {
            ref readonly var dimension = ref dimensions[sorted ? i : _order[i]];
            _key[length] = (byte)dimension.Column;
            BinaryPrimitives.WriteUInt16LittleEndian(_key.AsSpan(length + 1), (ushort)dimension.TextLength);
            points.Text(dimension.TextAt, dimension.TextLength).CopyTo(_key.AsSpan(length + 3));
            length += 3 + dimension.TextLength;
        }

        points.Text(point.NameAt, point.NameLength).CopyTo(_key.AsSpan(length));
        length += point.NameLength;
        return null;
    }

    private string? Sort(ReadOnlySpan<PointField> dimensions)
    {
        for (var i = 0; i < dimensions.Length; i++)
        {
            var at = i;
            for (; at > 0 && dimensions[_order[at - 1]].Column > dimensions[i].Column; at--) _order[at] = _order[at - 1];
            if (at > 0 && dimensions[_order[at - 1]].Column == dimensions[i].Column)
                return $"dimension '{_table!.Dimensions[dimensions[i].Column]}' is there twice";
            _order[at] = i;
        }

        return null;
    }

    private MeasureType FirstKind(in PointHead point, ReadOnlySpan<PointField> fields, ReadOnlySpan<byte> name)
    {
        if (point.MultiMeasure) return SeriesIndex.Multi;
        var declared = _table!.Options.Measures;
        if (declared.Count > 0 && declared.TryGetValue(Encoding.UTF8.GetString(name), out var type)) return type;
        return point.Measures == 1 ? fields[point.Dimensions].Type : SeriesIndex.Multi;
    }

    private string? Single(PointBatch points, ReadOnlySpan<PointField> values, ReadOnlySpan<byte> name, MeasureType kind)
    {
        if (values.Length != 1 || values[0].Column != PointBatch.SingleMeasure) return $"measure '{Shown(name)}': a record that is not multi-measure has exactly one value";
        if (values[0].Type == MeasureType.Timestamp || kind == MeasureType.Timestamp)
            return $"measure '{Shown(name)}' is TIMESTAMP; that is a type for multi-measure records only";
        if (Convert(points, values[0], kind, ref _bits[0]) is { } wrong) return $"measure '{Shown(name)}': {wrong}";
        return Fits(values[0].Type, kind, values[0].Bits)
            ? null
            : $"measure '{Shown(name)}' of {_table!.Name} is {KindName(kind)}; this record has {SeriesLimits.NameOf(values[0].Type)}";
    }

    private string? Multi(PointBatch points, ReadOnlySpan<PointField> values, ReadOnlySpan<byte> name, MeasureType kind)
    {
        if (kind != SeriesIndex.Multi) return $"measure '{Shown(name)}' of {_table!.Name} is {KindName(kind)}; this record has MULTI";
        if (values.Length == 0) return $"measure '{Shown(name)}': a multi-measure record without a measure";
        if (values.Length > SeriesLimits.MeasuresPerRecord) return $"{values.Length} measures; a record may have {SeriesLimits.MeasuresPerRecord}";
        var measures = _table!.Measures;
        _record++;
        for (var i = 0; i < values.Length; i++)
        {
            ref readonly var value = ref values[i];
            if (value.Column < 0) return _table.RefusalOf(value.Column) ?? $"measure '{Shown(name)}': a multi-measure record names each measure's column";
            var measure = measures[value.Column];
            if (measure.Record == _record) return $"measure '{measure.Name}' is there twice";
            measure.Record = _record;
            var type = measure.Type ?? (_table.Options.Measures.TryGetValue(measure.Name, out var declared) ? declared : value.Type);
            if (Convert(points, value, type, ref _bits[i]) is { } wrong) return $"measure '{measure.Name}': {wrong}";
            if (!Fits(value.Type, type, value.Bits))
                return $"measure '{measure.Name}' of {_table.Name} is {SeriesLimits.NameOf(type)}; this record has {SeriesLimits.NameOf(value.Type)}";
        }

        return null;
    }

    /// <summary>A measure has the type of its first value that is stored: a record that is refused decides nothing.</summary>
    private void SettleTypes(ReadOnlySpan<PointField> values)
    {
        foreach (ref readonly var value in values)
        {
            var measure = _table!.Measures[value.Column];
            measure.Type ??= _table.Options.Measures.TryGetValue(measure.Name, out var declared) ? declared : value.Type;
        }
    }

    /// <summary>A whole number fits a double measure, and a double that is a whole number fits a bigint one: JSON does not tell them apart.</summary>
    private static bool Fits(MeasureType value, MeasureType measure, long bits) =>
        value == measure
        || (value == MeasureType.Bigint && measure == MeasureType.Double)
        || (value == MeasureType.Double && measure == MeasureType.Bigint && IsWhole(BitConverter.Int64BitsToDouble(bits)));

    private static bool IsWhole(double value) => Math.Abs(value) <= 1L << 53 && Math.Truncate(value) == value;

    private static string? Convert(PointBatch points, in PointField value, MeasureType measure, ref long bits)
    {
        bits = value.Bits;
        switch (value.Type)
        {
            case MeasureType.Double when !double.IsFinite(BitConverter.Int64BitsToDouble(bits)):
                return "NaN and infinity cannot be stored";
            case MeasureType.Double when measure == MeasureType.Bigint && IsWhole(BitConverter.Int64BitsToDouble(bits)):
                bits = (long)BitConverter.Int64BitsToDouble(bits);
                return null;
            case MeasureType.Bigint when measure == MeasureType.Double:
                bits = BitConverter.DoubleToInt64Bits(bits);
                return null;
            case MeasureType.Timestamp when bits is < SeriesLimits.FirstTime or > SeriesLimits.LastTime:
                return $"timestamp {bits} is before 1677-09-22 or after 2262-04-11";
            case MeasureType.Varchar when value.TextLength > SeriesLimits.ValueBytes:
                return $"a text of {value.TextLength} bytes; at most {SeriesLimits.ValueBytes} are taken";
            case MeasureType.Varchar when !Utf8.IsValid(points.Text(value.TextAt, value.TextLength)):
                return "the text is not UTF-8";
            default:
                return null;
        }
    }

    private string? CannotBegin(PointBatch points, ReadOnlySpan<PointField> dimensions, ReadOnlySpan<byte> name, bool newMeasureName)
    {
        var bytes = 0;
        foreach (ref readonly var dimension in dimensions)
        {
            var value = points.Text(dimension.TextAt, dimension.TextLength);
            var dimensionName = _table!.Dimensions[dimension.Column];
            if (!Utf8.IsValid(value)) return $"dimension '{dimensionName}' is not UTF-8";
            bytes += value.Length + Encoding.UTF8.GetByteCount(dimensionName);
        }

        if (bytes > SeriesLimits.DimensionBytes) return TooMuch();
        if (newMeasureName && !Utf8.IsValid(name)) return $"measure name '{Shown(name)}' is not UTF-8";
        if (newMeasureName && _table!.Series.MeasureNames >= SeriesLimits.MeasureNames)
            return $"measure name '{Shown(name)}' would be one more than the {SeriesLimits.MeasureNames} a table may have";
        if (Series >= options.MaxSeries) return $"this would be series {Series + 1} of the store, which takes {options.MaxSeries} (series.maxSeries)";
        return null;
    }

    private void Append(HotRows hot, PointBatch points, in PointHead point, ReadOnlySpan<PointField> values, int code)
    {
        var table = _table!;
        if (!point.MultiMeasure)
        {
            var kind = table.Series[code].Kind;
            Append(hot, table, point, code, table.SingleSlot(kind), kind, points, values[0], _bits[0]);
            return;
        }

        // A new column ends the chunk, so all slots come before the row.
        foreach (ref readonly var value in values) _ = table.MeasureSlot(value.Column);
        if (point.Version != 1) _ = table.VersionSlot;
        hot.Begin(code, point.TimeNs);
        if (point.Version != 1) hot.Set(table.VersionSlot, point.Version);
        for (var i = 0; i < values.Length; i++)
            Set(hot, table.MeasureSlot(values[i].Column), table.Measures[values[i].Column].Type!.Value, points, values[i], _bits[i]);
        hot.End();
    }

    private static void Append(
        HotRows hot, SeriesTable table, in PointHead point, int code, int slot, MeasureType kind, PointBatch points, in PointField value, long bits)
    {
        if (point.Version != 1) _ = table.VersionSlot;
        hot.Begin(code, point.TimeNs);
        if (point.Version != 1) hot.Set(table.VersionSlot, point.Version);
        Set(hot, slot, kind, points, value, bits);
        hot.End();
    }

    private static void Set(HotRows hot, int slot, MeasureType type, PointBatch points, in PointField value, long bits)
    {
        if (type == MeasureType.Varchar) hot.Set(slot, points.Text(value.TextAt, value.TextLength));
        else if (type == MeasureType.Boolean) hot.Set(slot, bits != 0);
        else hot.Set(slot, bits);
    }

    private static string TooMuch() => $"names and values of the dimensions have more than {SeriesLimits.DimensionBytes} bytes";

    private static string KindName(MeasureType kind) => kind == SeriesIndex.Multi ? "MULTI" : SeriesLimits.NameOf(kind);

    private static string Shown(ReadOnlySpan<byte> name) => SeriesLimits.Short(Encoding.UTF8.GetString(name));
}
