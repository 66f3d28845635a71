namespace Millrace.Sql.Payload;

/// <summary>Finds named fields in JSON objects, in one pass that checks the whole payload.</summary>
/// <remarks>
/// Not for two threads at once. It remembers what stood between the values of payloads before (<c>,"vin":</c>) and compares:
/// devices send the same names in the same order. Where a payload surprises it, it reads that member by the book and remembers the
/// new one. Nothing is allocated for a message once the buffers have grown to the work.
/// </remarks>
public sealed class FieldReader
{
    // Past these a payload is not a device's usual message, and what is kept of it would only cost memory.
    private const int MaxKeptBuffer = 1024 * 1024;
    private const int MaxKeptMembers = 16 * 1024;

    private readonly FieldTree _tree;
    private readonly bool _keepMembers;
    private byte[] _text = [];
    private int _textUsed;

    /// <param name="fields">Top-level names, or paths with a dot for each step into an object. Their order is their number.</param>
    /// <param name="keepMembers">Whether <see cref="Fields.Members"/> will be asked for.</param>
    /// <exception cref="ArgumentException">A name is empty, or there twice.</exception>
    public FieldReader(IEnumerable<string> fields, bool keepMembers = false)
        : this([.. fields.Select(Steps)], keepMembers)
    {
    }

    internal FieldReader(IReadOnlyList<string[]> paths, bool keepMembers)
    {
        _tree = FieldTree.Of(paths);
        _keepMembers = keepMembers;
        Places = new FieldPlace[paths.Count];
    }

    /// <summary>Why <see cref="TryRead"/> answered false the last time.</summary>
    public PayloadError Error { get; private set; }

    internal FieldPlace[] Places { get; }

    internal List<MemberPlace> Found { get; private set; } = [];

    /// <summary>Reads a payload. False, with <see cref="Error"/>, where it is not one JSON object and nothing else.</summary>
    public bool TryRead(ReadOnlySpan<byte> payload, out Fields fields)
    {
        Array.Clear(Places);
        Forget();
        fields = new Fields(this, payload);
        var scanner = new JsonScanner(payload);
        if (TryOpen(ref scanner) && TryObject(ref scanner, payload, _tree, depth: 1) && scanner.TryEnd()) return true;
        Array.Clear(Places);
        Found.Clear();
        Error = new PayloadError(scanner.Fault, scanner.At);
        return false;
    }

    /// <summary>Reads an object inside of JSON, from its bracket on. The places are in all of that JSON.</summary>
    internal bool TryReadInner(ref JsonScanner scanner, ReadOnlySpan<byte> json)
    {
        Array.Clear(Places);
        Forget();
        return TryObject(ref scanner, json, _tree, depth: 1);
    }

    /// <summary>As if an object without members had been read.</summary>
    internal void ReadNothing() => Array.Clear(Places);

    /// <summary>The text of a field of this reader's payload, kept until the next.</summary>
    internal ReadOnlySpan<byte> Text(Field field)
    {
        var raw = field.Raw;
        if (!field.IsEscaped) return raw;
        if (_text.Length - _textUsed < raw.Length)
        {
            // Whoever holds a text of the old array keeps it alive.
            _text = new byte[Math.Max(raw.Length, Math.Max(256, _text.Length * 2))];
            _textUsed = 0;
        }

        var into = _text.AsSpan(_textUsed, raw.Length);
        var length = JsonText.Unescape(raw, into);
        _textUsed += length;
        return into[..length];
    }

    private static string[] Steps(string field)
    {
        var steps = field.Split('.');
        return steps.Contains("") ? throw new ArgumentException($"'{field}' is not a field's name or path", nameof(field)) : steps;
    }

    private void Forget()
    {
        _textUsed = 0;
        if (_text.Length > MaxKeptBuffer) _text = [];
        if (Found.Capacity > MaxKeptMembers)
            Found = [];
        else
            Found.Clear();
    }

    private static bool TryOpen(ref JsonScanner scanner)
    {
        scanner.SkipSpace();
        if (scanner.Current == '{') return true;
        // It may still be valid JSON: which of the two it is decides what the reader of the error does about it.
        var at = scanner.At;
        if (!scanner.TryValue(0, out _, out _) || !scanner.TryEnd()) return false;
        scanner.At = at;
        return scanner.Fail(PayloadFault.NotAnObject);
    }

    /// <summary>An object in which fields are wanted, from its bracket on. Not deeper than their paths are long.</summary>
    private bool TryObject(ref JsonScanner scanner, ReadOnlySpan<byte> payload, FieldTree parent, int depth)
    {
        var (index, way) = (0, 0);
        while (true)
        {
            (scanner.At, index) = SkipUsual(payload, scanner.At, parent.Shape, depth, index, way);
            if (index > 0 && scanner.Current == '}')
            {
                scanner.At++;
                return true;
            }

            if (!TryPiece(ref scanner, payload, parent, index, ref way, out var piece)) return false;
            if (piece is null) return true;
            var start = scanner.At - piece.Length;
            if (!TryField(ref scanner, payload, piece.Field, depth, out var place)) return false;
            Keep(piece, start, place, depth);
            index++;
        }
    }

    /// <summary>As many members as are what they were the time before.</summary>
    /// <returns>Where the first begins that is not.</returns>
    private (int At, int Index) SkipUsual(ReadOnlySpan<byte> payload, int at, Shape shape, int depth, int index, int way)
    {
        for (; shape.Find(index, payload[at..], way) is { } piece; index++)
        {
            var start = at + piece.Length;
            var end = JsonScanner.Usual(payload, start, out var kind);
            if (end < 0) break;
            var field = piece.Field;
            if (field is not null || _keepMembers)
            {
                var place = FieldPlace.Between(kind, escaped: false, start, end);
                if (field is not null) SetField(field, place);
                Keep(piece, at, place, depth);
            }

            // Most values are as long as they were before. Where the processor may believe that, it need not wait for this value's
            // end to begin with the next one.
            at = start + piece.ValueLength;
            if (at == end) continue;
            piece.ValueLength = end - start;
            at = end;
        }

        return (at, index);
    }

    private void SetField(FieldTree field, FieldPlace place)
    {
        // The last of two members with one name counts.
        if (field.HasChildren) field.Clear(Places);
        if (field.Field >= 0) Places[field.Field] = place;
    }

    private void Keep(Piece piece, int start, FieldPlace value, int depth)
    {
        if (_keepMembers && depth == 1) Found.Add(new MemberPlace { Name = piece.NameFrom(start), Value = value, Field = piece.Field?.Field ?? -1 });
    }

    /// <summary>What stands before the value of a member; null at the end of the object.</summary>
    private bool TryPiece(ref JsonScanner scanner, ReadOnlySpan<byte> payload, FieldTree parent, int index, ref int way, out Piece? piece)
    {
        var start = scanner.At;
        piece = parent.Shape.FindAny(index, payload[start..], ref way);
        if (piece is not null)
        {
            scanner.At += piece.Length;
            return true;
        }

        if (index == 0) scanner.At++;
        scanner.SkipSpace();
        if (scanner.Current == '}')
        {
            scanner.At++;
            return true;
        }

        if (index > 0)
        {
            if (!scanner.TryTake((byte)',')) return false;
            scanner.SkipSpace();
        }

        if (!scanner.TryName(out var name, out var length, out var escaped)) return false;
        piece = parent.Shape.Learn(index, payload[start..scanner.At], ref way);
        piece.SetName(name - start, length, escaped, Find(parent, payload.Slice(name, length), escaped));
        return true;
    }

    private bool TryField(ref JsonScanner scanner, ReadOnlySpan<byte> payload, FieldTree? field, int depth, out FieldPlace place)
    {
        // A piece that was known ended at a value the time before; now there may be space in between.
        scanner.SkipSpace();
        var start = scanner.At;
        var kind = FieldKind.Object;
        var escaped = false;
        place = default;
        if (field is { HasChildren: true }) field.Clear(Places);
        if (field is { HasChildren: true } && scanner.Current == '{')
        {
            if (!TryObject(ref scanner, payload, field, depth + 1)) return false;
        }
        else if (!scanner.TryValue(depth, out kind, out escaped))
            return false;

        place = FieldPlace.Between(kind, escaped, start, scanner.At);
        if (field is { Field: >= 0 }) Places[field.Field] = place;
        return true;
    }

    private FieldTree? Find(FieldTree parent, ReadOnlySpan<byte> name, bool escaped)
    {
        if (!escaped) return parent.Find(name);
        var place = new FieldPlace { Kind = FieldKind.String, Escaped = true, Length = name.Length };
        return parent.Find(Text(new Field(name, place)));
    }
}
