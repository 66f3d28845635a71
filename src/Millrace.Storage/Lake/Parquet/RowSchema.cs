using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>The columns of one file, found from its records: each name at the top of an object is one.</summary>
/// <remarks>
/// A column is boolean, bigint or double where all of its values are; whole numbers beside fractions are doubles where that changes none of them. Everything else is text: of texts the text, of other values their JSON.
/// Columns that were declared have their type in every file, and a record with a value of another is refused.
/// </remarks>
internal sealed class RowSchema
{
    /// <summary>With so many a file takes no further batch; and so many may be new in one.</summary>
    public const int MostColumns = 1000;
    private const int LongestName = 256;
    private const long LargestExact = 1L << 53;

    private readonly List<Column> _columns = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly List<(int Column, ValueKinds Kind)> _found = [];
    private int _record;
    private int _newInBatch;

    public RowSchema(IReadOnlyDictionary<string, MeasureType> declared)
    {
        _byName = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (name, type) in declared) Add(name, type);
    }

    /// <summary>It should take no further batch.</summary>
    public bool IsFull => _columns.Count >= MostColumns;

    /// <summary>What is refused depends on the record and its batch alone, not on the file, so that a replay which begins elsewhere refuses no less.</summary>
    public void BeginBatch() => _newInBatch = 0;

    /// <summary>The columns there are, with their types; those that never had a value are left out where others did.</summary>
    public IReadOnlyList<(string Name, MeasureType Type)> Columns()
    {
        var columns = _columns.Where(static column => column.Declared is not null || column.Kinds != ValueKinds.None).ToList();
        return [.. (columns.Count == 0 ? _columns : columns).Select(static column => (column.Name, column.Declared ?? TypeOf(column.Kinds)))];
    }

    /// <returns>Why the record cannot be a row; null where it can, and is learned from.</returns>
    public string? TryLearn(ReadOnlySpan<byte> json)
    {
        var (before, newBefore) = (_columns.Count, _newInBatch);
        _found.Clear();
        _record++;
        string? wrong;
        try
        {
            wrong = JsonText.IsOneValue(json) ? Read(json) : "it is not JSON";
        }
        catch (InvalidOperationException)
        {
            // A half of a surrogate pair, which JSON can name and no text can hold.
            wrong = "a text in it is not Unicode";
        }

        if (wrong is null)
        {
            foreach (var (column, kind) in _found) _columns[column].Kinds |= kind;
            return null;
        }

        _newInBatch = newBefore;
        for (var i = before; i < _columns.Count; i++) _places.Remove(_columns[i].Name);
        _columns.RemoveRange(before, _columns.Count - before);
        return wrong;
    }

    public static bool IsWhole(ref Utf8JsonReader reader, out long value) => reader.TryGetInt64(out value);

    private static MeasureType TypeOf(ValueKinds kinds) => kinds switch
    {
        ValueKinds.Boolean => MeasureType.Boolean,
        ValueKinds.Whole or ValueKinds.LargeWhole or (ValueKinds.Whole | ValueKinds.LargeWhole) => MeasureType.Bigint,
        ValueKinds.Fraction or (ValueKinds.Whole | ValueKinds.Fraction) => MeasureType.Double,
        _ => MeasureType.Varchar,
    };

    private static ValueKinds KindOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return ValueKinds.Boolean;
            case JsonTokenType.Null:
                return ValueKinds.None;
            case JsonTokenType.Number:
                if (IsWhole(ref reader, out var whole)) return whole is >= -LargestExact and <= LargestExact ? ValueKinds.Whole : ValueKinds.LargeWhole;
                return reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0 && reader.TryGetDouble(out var fraction) && double.IsFinite(fraction) ? ValueKinds.Fraction : ValueKinds.Other;
            default:
                return ValueKinds.Other;
        }
    }

    private static bool Fits(ValueKinds kind, MeasureType type) => kind == ValueKinds.None || type switch
    {
        MeasureType.Boolean => kind == ValueKinds.Boolean,
        MeasureType.Bigint => kind is ValueKinds.Whole or ValueKinds.LargeWhole,
        MeasureType.Double => kind is ValueKinds.Whole or ValueKinds.Fraction,
        _ => true,
    };

    private string? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return "it is not a JSON object";
        Span<char> name = stackalloc char[LongestName];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan.Length > LongestName) return string.Create(CultureInfo.InvariantCulture, $"a name in it has {reader.ValueSpan.Length} bytes; at most {LongestName} are taken");
            if (reader.ValueSpan.IsEmpty) return "a name in it is empty";
            var known = name[..reader.CopyString(name)];
            if (!_byName.TryGetValue(known, out var place))
            {
                if (_newInBatch++ == MostColumns) return $"with it there would be more than {MostColumns} new columns at once";
                place = Add(known.ToString(), null);
            }

            var column = _columns[place];
            if (column.SeenIn == _record) return $"the name '{column.Name}' stands in it twice";
            column.SeenIn = _record;
            reader.Read();
            var kind = KindOf(ref reader);
            if (column.Declared is { } declared && !Fits(kind, declared)) return $"'{column.Name}' is {Named(ref reader)}, and its column is declared {TypeName(declared)}";
            if (reader.TokenType == JsonTokenType.String) Check(ref reader);
            reader.Skip();
            _found.Add((place, kind));
        }

        return _found.Count == 0 ? "it has no fields" : null;
    }

    private static void Check(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped) _ = reader.GetString();
    }

    private static string Named(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => "a text",
        JsonTokenType.Number => $"the number {Encoding.ASCII.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)])}",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };

    private static string TypeName(MeasureType type) => type.ToString().ToLowerInvariant();

    private int Add(string name, MeasureType? declared)
    {
        _places.Add(name, _columns.Count);
        _columns.Add(new Column(name, declared));
        return _columns.Count - 1;
    }

    private sealed class Column(string name, MeasureType? declared)
    {
        public string Name => name;

        public MeasureType? Declared => declared;

        public ValueKinds Kinds { get; set; }

        public int SeenIn { get; set; }
    }
}
