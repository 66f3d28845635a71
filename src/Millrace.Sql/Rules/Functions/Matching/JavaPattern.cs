using System.Globalization;
using System.Text;

namespace Millrace.Sql.Rules.Functions.Matching;

/// <summary>Java's regular expressions in .NET's words: what both write alike stays, what they mean differently is written out.</summary>
/// <remarks>Classes such as <c>\d</c> and <c>\w</c> are ASCII in Java; <c>.</c> leaves out each of its line ends.</remarks>
internal ref struct JavaPattern
{
    private const string Digit = "0-9";
    private const string NotDigit = @"\x00-\x2F\x3A-\uFFFF";
    private const string Word = "a-zA-Z_0-9";
    private const string NotWord = @"\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\uFFFF";
    private const string Space = @"\x09-\x0D\x20";
    private const string NotSpace = @"\x00-\x08\x0E-\x1F\x21-\uFFFF";
    private const string Horizontal = @"\x20\t\xA0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000";
    private const string LineEnds = @"\n\r\x85\u2028\u2029";

    private static readonly Dictionary<string, string> Posix = new(StringComparer.Ordinal)
    {
        ["Lower"] = "a-z",
        ["Upper"] = "A-Z",
        ["ASCII"] = @"\x00-\x7F",
        ["Alpha"] = "a-zA-Z",
        ["Digit"] = Digit,
        ["Alnum"] = "a-zA-Z0-9",
        ["Punct"] = @"!-/:-@\[-`{-~",
        ["Graph"] = "!-~",
        ["Print"] = " -~",
        ["Blank"] = @" \t",
        ["Cntrl"] = @"\x00-\x1F\x7F",
        ["XDigit"] = "0-9a-fA-F",
        ["Space"] = Space,
        ["IsAlphabetic"] = @"\p{L}\p{Nl}",
        ["IsDigit"] = @"\p{Nd}",
        ["IsLetter"] = @"\p{L}",
        ["IsLowercase"] = @"\p{Ll}",
        ["IsUppercase"] = @"\p{Lu}",
        ["IsPunctuation"] = @"\p{P}",
        ["IsWhite_Space"] = @"\s",
        ["javaLowerCase"] = @"\p{Ll}",
        ["javaUpperCase"] = @"\p{Lu}",
    };

    private readonly ReadOnlySpan<char> _java;
    private readonly int _maxRepetition;
    private readonly StringBuilder _out = new();
    private int _at;
    private bool _isQuantified;
    private string _problem = "";

    private JavaPattern(string java, int maxRepetition)
    {
        _java = java;
        _maxRepetition = maxRepetition;
    }

    /// <summary>False for what is no pattern, and, with the reason, for what .NET has not or would take for something else.</summary>
    public static bool TryTranslate(string java, int maxRepetition, out string pattern, out string problem)
    {
        pattern = "";
        var translation = new JavaPattern(java, maxRepetition);
        var isPattern = translation.Translate();
        problem = translation._problem;
        if (isPattern) pattern = translation._out.ToString();
        return isPattern;
    }

    private bool Translate()
    {
        while (_at < _java.Length)
        {
            var c = _java[_at];
            var wasQuantified = _isQuantified;
            _isQuantified = false;
            switch (c)
            {
                case '\\':
                    if (!Escape(isClass: false)) return false;
                    break;
                case '[':
                    if (!Class()) return false;
                    break;
                case '.' when !_java.Contains("(?", StringComparison.Ordinal):
                    _out.Append("[^").Append(LineEnds).Append(']');
                    _at++;
                    break;
                case '+' when wasQuantified:
                    return Refuse("possessive quantifiers ('*+', '++', '?+') are not supported: leave out the second '+'");
                case '*' or '+' or '?':
                    _isQuantified = !wasQuantified;
                    Copy(1);
                    break;
                case '{':
                    if (!Repetition()) return false;
                    break;
                default:
                    Copy(1);
                    break;
            }
        }

        return true;
    }

    private bool Repetition()
    {
        var end = _java[_at..].IndexOf('}');
        if (end < 0) return false;
        var inside = _java.Slice(_at + 1, end - 1);
        foreach (var part in inside.Split(','))
        {
            var number = inside[part];
            if (number.Length > 0 && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > _maxRepetition))
                return Refuse($"'{{{inside}}}' is no number of repetitions up to {_maxRepetition}");
        }

        if (inside.IsEmpty || inside[0] == ',') return false;
        Copy(end + 1);
        _isQuantified = true;
        return true;
    }

    private bool Class()
    {
        Copy(1);
        if (_at < _java.Length && _java[_at] == '^') Copy(1);
        var first = _at;
        while (_at < _java.Length)
        {
            switch (_java[_at])
            {
                case ']' when _at > first:
                    Copy(1);
                    return true;
                case '[':
                    return Refuse("a class of characters in another ('[a[b]]') is not supported");
                case '&' when _java[_at..].StartsWith("&&", StringComparison.Ordinal):
                    return Refuse("what classes of characters have in common ('[a&&b]') is not supported");
                case '\\':
                    if (!Escape(isClass: true)) return false;
                    break;
                default:
                    Copy(1);
                    break;
            }
        }

        return false;
    }

    private bool Escape(bool isClass)
    {
        if (_at + 1 == _java.Length) return false;
        var c = _java[_at + 1];
        switch (c)
        {
            case 'H' when isClass:
                return Refuse("'\\H' in a class of characters is not supported");
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'h' or 'H':
                _at += 2;
                AppendClass(c, isClass);
                return true;
            case 'R' when !isClass:
                _at += 2;
                _out.Append(@"(?:\r\n|[\n\v\f\r\x85\u2028\u2029])");
                return true;
            case 'Q':
                return Quoted();
            case 'p' or 'P':
                return Property(c == 'P', isClass);
            case 'x' when _java[_at..].StartsWith("\\x{", StringComparison.Ordinal):
                return CodePoint();
            case 'X' or 'N' or 'V':
                return Refuse($"'\\{c}' is not supported");
            default:
                Copy(2);
                return true;
        }
    }

    private readonly void AppendClass(char c, bool isClass)
    {
        var (inside, negated) = c switch
        {
            'd' => (Digit, false),
            'w' => (Word, false),
            's' => (Space, false),
            'h' => (Horizontal, false),
            'D' => (isClass ? NotDigit : Digit, !isClass),
            'W' => (isClass ? NotWord : Word, !isClass),
            'S' => (isClass ? NotSpace : Space, !isClass),
            _ => (Horizontal, true),
        };
        if (isClass) _out.Append(inside);
        else _out.Append(negated ? "[^" : "[").Append(inside).Append(']');
    }

    private bool Quoted()
    {
        _at += 2;
        var end = _java[_at..].IndexOf("\\E", StringComparison.Ordinal);
        var text = end < 0 ? _java[_at..] : _java.Slice(_at, end);
        foreach (var c in text) _out.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        _at += end < 0 ? text.Length : text.Length + 2;
        return true;
    }

    private bool Property(bool negated, bool isClass)
    {
        var end = _java[_at..].IndexOf('}');
        if (end < 0 || _java[_at + 2] != '{')
        {
            // \pL is short for \p{L}.
            if (_at + 2 >= _java.Length || !char.IsAsciiLetter(_java[_at + 2])) return false;
            _out.Append(negated ? "\\P{" : "\\p{").Append(_java[_at + 2]).Append('}');
            _at += 3;
            return true;
        }

        var name = _java.Slice(_at + 3, end - 3).ToString();
        _at += end + 1;
        if (!Posix.TryGetValue(name, out var inside))
        {
            // Java may write Is before a category of Unicode's, as in \p{IsL}.
            var category = name.Length is 3 or 4 && name.StartsWith("Is", StringComparison.Ordinal) ? name[2..] : name;
            _out.Append(negated ? "\\P{" : "\\p{").Append(category).Append('}');
            return true;
        }

        if (isClass && negated) return Refuse($"'\\P{{{name}}}' in a class of characters is not supported");
        if (isClass) _out.Append(inside);
        else _out.Append(negated ? "[^" : "[").Append(inside).Append(']');
        return true;
    }

    private bool CodePoint()
    {
        var end = _java[_at..].IndexOf('}');
        if (end < 0 || !int.TryParse(_java.Slice(_at + 3, end - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0xFFFF) return false;
        _out.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
        _at += end + 1;
        return true;
    }

    private bool Refuse(string problem)
    {
        _problem = problem;
        return false;
    }

    private void Copy(int count)
    {
        _out.Append(_java.Slice(_at, Math.Min(count, _java.Length - _at)));
        _at += count;
    }
}
