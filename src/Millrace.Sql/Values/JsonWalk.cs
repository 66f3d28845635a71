using Millrace.Sql.Payload;

namespace Millrace.Sql.Values;

/// <summary>Steps through an array or object of checked JSON, one value at a time.</summary>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _isObject;
    private JsonScanner _scanner;
    private FieldPlace _name;

    /// <param name="container">An array or an object.</param>
    public JsonWalk(Value container)
    {
        _json = container.Bytes;
        _isObject = container.Kind == ValueKind.Object;
        _scanner = new JsonScanner(_json);
    }

    /// <summary>Where in the container the value at hand stands.</summary>
    public FieldPlace Place { get; private set; }

    public readonly ReadOnlySpan<byte> Raw => _json.Slice(Place.Start, Place.Length);

    public readonly Value Current => Value.Of(Place.Kind, Raw, Place.Escaped);

    /// <summary>The name of the member at hand, of objects: as a string.</summary>
    public readonly Value Name => Value.Of(FieldKind.String, _json.Slice(_name.Start, _name.Length), _name.Escaped);

    /// <param name="fields">Reads the values at hand that are objects, in passing.</param>
    public bool Next(FieldReader? fields = null)
    {
        // Over the opening bracket at first, later over the comma.
        if (_scanner.AtEnd) return false;
        _scanner.At++;
        _scanner.SkipSpace();
        if (_scanner.AtEnd || _scanner.Current is (byte)']' or (byte)'}') return false;
        if (_isObject)
        {
            if (!_scanner.TryName(out var nameAt, out var length, out var nameEscaped)) return false;
            _name = new FieldPlace { Kind = FieldKind.String, Escaped = nameEscaped, Start = nameAt, Length = length };
        }

        var start = _scanner.At;
        FieldKind kind;
        var escaped = false;
        if (fields is not null && _scanner.Current == '{')
        {
            kind = FieldKind.Object;
            if (!fields.TryReadInner(ref _scanner, _json)) return false;
        }
        else
        {
            fields?.ReadNothing();
            if (!_scanner.TryValue(0, out kind, out escaped)) return false;
        }

        Place = FieldPlace.Between(kind, escaped, start, _scanner.At);
        _scanner.SkipSpace();
        return true;
    }
}
