namespace Millrace.Sql.Payload;

/// <summary>Finds named fields in JSON objects, in one pass that checks the whole payload.</summary>
/// <remarks>
/// Not for two threads at once. It remembers what stood between the values of the payload before (<c>,"vin":</c>) and compares:
/// devices send the same names in the same order. Where a payload surprises it, it reads that member by the book and remembers the
/// new one. Nothing is allocated for a message once the buffers have grown to the work.
/// </remarks>
public sealed class FieldReader
{
    // Past these a payload is not a device's usual message, and what is kept of it would only cost memory.
    private const int MaxRemembered = 128;
    private const int MaxPieceLength = 256;
    private const int MaxKeptBuffer = 1024 * 1024;
    private const int MaxKeptMembers = 16 * 1024;

    private readonly FieldTree _tree;
    private readonly bool _keepMembers;
    private readonly List<Piece> _pieces = [];
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
        if (TryMembers(ref scanner, payload) && scanner.TryEnd()) return true;
        Array.Clear(Places);
        Found.Clear();
        Error = new PayloadError(scanner.Fault, scanner.At);
        return false;
    }

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

    private bool TryMembers(ref JsonScanner scanner, ReadOnlySpan<byte> payload)
    {
        for (var index = 0; ; index++)
        {
            Piece piece;
            if (index < _pieces.Count && _pieces[index].Stands(payload[scanner.At..]))
            {
                piece = _pieces[index];
                piece.NameStart += scanner.At;
                scanner.At += piece.Length;
                // The piece ended at a value the time before; now there may be space in between.
                scanner.SkipSpace();
            }
            else
            {
                if (!TryPiece(ref scanner, payload, index, out piece, out var ended)) return false;
                if (ended) return true;
            }

            if (!TryField(ref scanner, payload, piece.Field, depth: 1, out var place)) return false;
            if (_keepMembers)
                Found.Add(new MemberPlace { Name = piece.Name, Value = place, Field = piece.Field?.Field ?? -1 });
        }
    }

    /// <summary>By the book: what stands before the value of a member, or the end of the object.</summary>
    private bool TryPiece(ref JsonScanner scanner, ReadOnlySpan<byte> payload, int index, out Piece piece, out bool ended)
    {
        var start = scanner.At;
        piece = default;
        ended = false;
        scanner.SkipSpace();
        if (index == 0 && !TryOpen(ref scanner)) return false;
        if (scanner.Current == '}')
        {
            scanner.At++;
            ended = true;
            return true;
        }

        if (index > 0)
        {
            if (!scanner.TryTake((byte)',')) return false;
            scanner.SkipSpace();
        }

        if (!scanner.TryName(out var name, out var length, out var escaped)) return false;
        piece.NameStart = name;
        piece.NameLength = length;
        piece.Escaped = escaped;
        piece.Field = Find(_tree, payload.Slice(name, length), escaped);
        Remember(index, piece, payload[start..scanner.At], start);
        return true;
    }

    private static bool TryOpen(ref JsonScanner scanner)
    {
        if (scanner.Current != '{')
        {
            // It may still be valid JSON: which of the two it is decides what the reader of the error does about it.
            var at = scanner.At;
            if (!scanner.TryValue(0, out _, out _) || !scanner.TryEnd()) return false;
            scanner.At = at;
            return scanner.Fail(PayloadFault.NotAnObject);
        }

        scanner.At++;
        scanner.SkipSpace();
        return true;
    }

    private bool TryField(ref JsonScanner scanner, ReadOnlySpan<byte> payload, FieldTree? field, int depth, out FieldPlace place)
    {
        var start = scanner.At;
        FieldKind kind;
        var escaped = false;
        if (field is { HasChildren: true })
        {
            field.Clear(Places);
            kind = FieldKind.Object;
            if (scanner.Current == '{' ? !TryObject(ref scanner, payload, field, depth) : !scanner.TryValue(depth, out kind, out escaped))
            {
                place = default;
                return false;
            }
        }
        else if (!scanner.TryValue(depth, out kind, out escaped))
        {
            place = default;
            return false;
        }

        place = FieldPlace.Between(kind, escaped, start, scanner.At);
        if (field is { Field: >= 0 }) Places[field.Field] = place;
        return true;
    }

    /// <summary>An object in which fields are wanted. Not deeper than their paths are long.</summary>
    private bool TryObject(ref JsonScanner scanner, ReadOnlySpan<byte> payload, FieldTree parent, int depth)
    {
        scanner.At++;
        scanner.SkipSpace();
        if (scanner.Current == '}')
        {
            scanner.At++;
            return true;
        }

        while (true)
        {
            if (!scanner.TryName(out var name, out var length, out var escaped)) return false;
            var child = Find(parent, payload.Slice(name, length), escaped);
            if (!TryField(ref scanner, payload, child, depth + 1, out _)) return false;
            scanner.SkipSpace();
            if (scanner.Current == '}')
            {
                scanner.At++;
                return true;
            }

            if (!scanner.TryTake((byte)',')) return false;
            scanner.SkipSpace();
        }
    }

    private FieldTree? Find(FieldTree parent, ReadOnlySpan<byte> name, bool escaped)
    {
        if (!escaped) return parent.Find(name);
        var place = new FieldPlace { Kind = FieldKind.String, Escaped = true, Length = name.Length };
        return parent.Find(Text(new Field(name, place)));
    }

    private void Remember(int index, Piece piece, ReadOnlySpan<byte> bytes, int start)
    {
        if (index >= MaxRemembered || bytes.Length > MaxPieceLength || index > _pieces.Count) return;
        piece.NameStart -= start;
        piece.Length = bytes.Length;
        piece.Bytes = index < _pieces.Count && _pieces[index].Bytes.Length >= bytes.Length ? _pieces[index].Bytes : new byte[bytes.Length];
        bytes.CopyTo(piece.Bytes);
        if (index < _pieces.Count)
            _pieces[index] = piece;
        else
            _pieces.Add(piece);
    }

    /// <summary>What stands between the value before and the value of a member: comma, name, colon, and the space around them.</summary>
    private struct Piece
    {
        public byte[] Bytes;
        public int Length;
        public int NameStart;
        public int NameLength;
        public bool Escaped;
        public FieldTree? Field;

        public readonly FieldPlace Name =>
            new() { Kind = FieldKind.String, Escaped = Escaped, Start = NameStart, Length = NameLength };

        public readonly bool Stands(ReadOnlySpan<byte> here) => here.StartsWith(Bytes.AsSpan(0, Length));
    }
}
