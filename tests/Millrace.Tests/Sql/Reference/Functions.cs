using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Tests.Sql.Reference;

/// <summary>The pure functions of the reference's table 1.6, on strings and big integers.</summary>
internal static class Functions
{
    private static readonly char[] White = [' ', '\t', '\n', '\r'];

    public static RefValue Call(string name, RefValue[] a) => name.ToLowerInvariant() switch
    {
        "abs" => Number(a, static n => n with { Coefficient = BigInteger.Abs(n.Coefficient) }),
        "floor" => Number(a, static n => Dec.Of(n.Floor(), 0)),
        "ceil" => Number(a, static n => Dec.Of(-Dec.Negate(n)!.Value.Floor(), 0)),
        "round" => Number(a, Round),
        "sign" => Number(a, static n => Dec.Of(n.Coefficient.Sign)),
        "sqrt" => Number(a, static n => Dec.Of(Math.Sqrt(n.ToDouble()))),
        "exp" => Number(a, static n => Dec.Of(Math.Exp(n.ToDouble()))),
        "ln" => Number(a, static n => n.Coefficient.Sign > 0 ? Dec.Of(Math.Log(n.ToDouble())) : null),
        "log" => Number(a, static n => n.Coefficient.Sign > 0 ? Dec.Of(Math.Log10(n.ToDouble())) : null),
        "sin" => Number(a, static n => Dec.Of(Math.Sin(n.ToDouble()))),
        "cos" => Number(a, static n => Dec.Of(Math.Cos(n.ToDouble()))),
        "tan" => Number(a, static n => Dec.Of(Math.Tan(n.ToDouble()))),
        "asin" => Number(a, static n => Dec.Of(Math.Asin(n.ToDouble()))),
        "acos" => Number(a, static n => Dec.Of(Math.Acos(n.ToDouble()))),
        "atan" => Number(a, static n => Dec.Of(Math.Atan(n.ToDouble()))),
        "sinh" => Number(a, static n => Dec.Of(Math.Sinh(n.ToDouble()))),
        "cosh" => Number(a, static n => Dec.Of(Math.Cosh(n.ToDouble()))),
        "tanh" => Number(a, static n => Dec.Of(Math.Tanh(n.ToDouble()))),
        "atan2" => Numbers(a, static (y, x) => Dec.Of(Math.Atan2(y.ToDouble(), x.ToDouble()))),
        "power" => Numbers(a, static (x, y) => Dec.Of(Math.Pow(x.ToDouble(), y.ToDouble()))),
        "mod" or "remainder" => Numbers(a, Dec.Remainder),
        "bitand" => Ints(a, static (x, y) => x & y),
        "bitor" => Ints(a, static (x, y) => x | y),
        "bitxor" => Ints(a, static (x, y) => x ^ y),
        "bitnot" => Ints([a[0], a[0]], static (x, _) => -x - 1),
        "trunc" => Numbers(a, static (n, places) => n.Cut((int)BigInteger.Clamp(places.Floor(), 0, 34))),
        "chr" => Whole(a[0]) is { } code && code >= 0 && code < 128 ? RefValue.Of(((char)(int)code).ToString()) : RefValue.Undefined,
        "concat" => Concat(a),
        "startswith" => Texts(a, static (s, part) => RefValue.Of(s.StartsWith(part, StringComparison.Ordinal))),
        "endswith" => Texts(a, static (s, part) => RefValue.Of(s.EndsWith(part, StringComparison.Ordinal))),
        "indexof" => Texts(a, IndexOf),
        "length" => Text(a, static s => RefValue.Of(Dec.Of(s.EnumerateRunes().Count()))),
        "numbytes" => Text(a, static s => RefValue.Of(Dec.Of(Encoding.UTF8.GetByteCount(s)))),
        "lower" => Text(a, static s => RefValue.Of(s.ToLowerInvariant())),
        "upper" => Text(a, static s => RefValue.Of(s.ToUpperInvariant())),
        "ltrim" => Text(a, static s => RefValue.Of(s.TrimStart(White))),
        "rtrim" => Text(a, static s => RefValue.Of(s.TrimEnd(White))),
        "trim" => Text(a, static s => RefValue.Of(s.Trim(White))),
        "lpad" => Padded(a, static (s, spaces) => spaces + s),
        "rpad" => Padded(a, static (s, spaces) => s + spaces),
        "replace" => Converting.ToText(a[2]) is { } with
            ? Texts(a, (s, find) => RefValue.Of(find.Length == 0 ? s : s.Replace(find, with, StringComparison.Ordinal)))
            : RefValue.Undefined,
        "substring" => Substring(a),
        "get" => Get(a[0], a[1]),
        "isnull" => RefValue.Of(a[0] is RefValue.Nothing),
        "isundefined" => RefValue.Of(a[0] is RefValue.None),
        "nanvl" or "get_or_default" => a[0] is RefValue.None or RefValue.Nothing ? a[1] : a[0],
        "md5" => Hash(a, MD5.HashData),
        "sha1" => Hash(a, SHA1.HashData),
        "sha256" => Hash(a, SHA256.HashData),
        "sha384" => Hash(a, SHA384.HashData),
        "sha512" => Hash(a, SHA512.HashData),
        "encode" => Text(a, static s => RefValue.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(s)))),
        "regexp_matches" => Texts(a, static (s, pattern) => RefValue.Of(Regex.IsMatch(s, pattern))),
        "regexp_substr" => Texts(a, static (s, pattern) => RefValue.Of(Regex.Match(s, pattern) is { Success: true } found ? found.Value : null)),
        "transform" => Transform(a),
        _ => throw new InvalidOperationException($"the reference knows no {name}()"),
    };

    public static RefValue Get(RefValue container, RefValue key)
    {
        if (container is RefValue.Obj map) return key is RefValue.Str name ? map.Find(name.Value) : RefValue.Undefined;
        if (Whole(key) is not { } at || at < 0) return RefValue.Undefined;
        RefValue[] parts = container switch
        {
            RefValue.Arr array => [.. array.Items],
            RefValue.Str text => [.. text.Value.EnumerateRunes().Select(static r => RefValue.Of(r.ToString()))],
            _ => [],
        };
        return at < parts.Length ? parts[(int)at] : RefValue.Undefined;
    }

    private static BigInteger? Whole(RefValue value) => Converting.ToNumber(value)?.Floor();

    private static RefValue Number(RefValue[] a, Func<Dec, Dec?> make) =>
        RefValue.Of(Converting.ToNumber(a[0]) is { } n ? make(n) : null);

    private static RefValue Numbers(RefValue[] a, Func<Dec, Dec, Dec?> make) =>
        RefValue.Of(Converting.ToNumber(a[0]) is { } x && Converting.ToNumber(a[1]) is { } y ? make(x, y) : null);

    /// <summary>Of Ints, which have 34 digits at most.</summary>
    private static RefValue Ints(RefValue[] a, Func<BigInteger, BigInteger, BigInteger> make) =>
        Whole(a[0]) is { } x && Whole(a[1]) is { } y && BigInteger.Max(BigInteger.Abs(x), BigInteger.Abs(y)) < BigInteger.Pow(10, 34)
            ? RefValue.Of(Dec.Of(make(x, y), 0))
            : RefValue.Undefined;

    private static RefValue Text(RefValue[] a, Func<string, RefValue> make) => Converting.ToText(a[0]) is { } s ? make(s) : RefValue.Undefined;

    private static RefValue Texts(RefValue[] a, Func<string, string, RefValue> make) =>
        Converting.ToText(a[0]) is { } s && Converting.ToText(a[1]) is { } t ? make(s, t) : RefValue.Undefined;

    private static RefValue Hash(RefValue[] a, Func<byte[], byte[]> hash) =>
        Text(a, s => RefValue.Of(Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(s)))));

    private static Dec? Round(Dec n)
    {
        var absolute = new Dec(BigInteger.Abs(n.Coefficient), n.Exponent);
        return Dec.Of(n.Coefficient.Sign * Dec.Add(absolute, new Dec(5, -1))!.Value.Floor(), 0);
    }

    private static RefValue IndexOf(string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return RefValue.Of(Dec.Of(at < 0 ? -1 : text[..at].EnumerateRunes().Count()));
    }

    private static RefValue Padded(RefValue[] a, Func<string, string, string> join) =>
        Converting.ToText(a[0]) is { } s && Whole(a[1]) is { } count
            ? RefValue.Of(join(s, new string(' ', (int)BigInteger.Clamp(count, 0, 1000))))
            : RefValue.Undefined;

    private static RefValue Substring(RefValue[] a)
    {
        if (Converting.ToText(a[0]) is not { } text || Whole(a[1]) is not { } start) return RefValue.Undefined;
        var runes = text.EnumerateRunes().ToArray();
        var until = a.Length < 3 ? new BigInteger(runes.Length) : Whole(a[2]);
        if (until is not { } end) return RefValue.Undefined;
        var from = (int)BigInteger.Clamp(start, 0, runes.Length);
        var to = (int)BigInteger.Clamp(end, 0, runes.Length);
        return RefValue.Of(from >= to ? "" : string.Concat(runes[from..to].Select(static r => r.ToString())));
    }

    private static RefValue Concat(RefValue[] a)
    {
        if (a.Length == 1) return a[0];
        if (a.Any(static v => v is RefValue.None)) return RefValue.Undefined;
        if (a.Any(static v => v is RefValue.Arr)) return new RefValue.Arr([.. a.SelectMany(static v => v is RefValue.Arr array ? array.Items : [v])]);
        var parts = a.Select(Converting.ToText).ToArray();
        return RefValue.Of(parts.Contains(null) ? null : string.Concat(parts));
    }

    private static RefValue Transform(RefValue[] a)
    {
        if (a[0] is not RefValue.Str { Value: "enrichArray" } || a[1] is not RefValue.Obj with || a[2] is not RefValue.Arr array) return RefValue.Undefined;
        return new RefValue.Arr([.. array.Items.Select(item => item is RefValue.Obj element
            ? new RefValue.Obj([.. element.Members, .. with.Members.Where(m => element.Find(m.Name.Value) is RefValue.None)])
            : item)]);
    }
}
