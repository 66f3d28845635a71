using System.Text;
using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A condition on what all rows of a series have in common: its dimensions and its measure name. Null stands for unknown, as in SQL.</summary>
internal abstract class SeriesPredicate
{
    private SeriesPredicate()
    {
    }

    /// <summary>The columns it looks at: a dimension's number, or -1 for the measure name.</summary>
    public abstract IEnumerable<int> Columns { get; }

    /// <summary>Whether it holds, given each column's value in UTF-8, or null.</summary>
    public abstract bool? Holds(Func<int, byte[]?> value);

    /// <summary>Where it is no more than one column being one of a few values: the column and the values.</summary>
    public virtual (int Column, IReadOnlyList<byte[]> Values)? Few => null;

    /// <summary>Where it is no more than one column having a value, or none: the column, and whether it is to have none.</summary>
    public virtual (int Column, bool IsNull)? OfNull => null;

    /// <param name="column">A dimension's number, or -1.</param>
    /// <param name="values">In UTF-8.</param>
    public static SeriesPredicate IsOneOf(int column, IReadOnlyList<byte[]> values) => new OneOf(column, values);

    /// <summary>Whether there is no value, or is one.</summary>
    public static SeriesPredicate IsKnown(int column, bool isNull) => new Known(column, isNull);

    /// <summary>Makes one of a condition, where that is of a kind that is worked out here exactly as DuckDB does; else null.</summary>
    public static SeriesPredicate? Of(JsonElement condition, Mention mention)
    {
        switch (SyntaxTree.Class(condition))
        {
            case "CONJUNCTION":
                var parts = SyntaxTree.Each(condition, "children").Select(child => Of(child, mention)).ToList();
                return parts.Contains(null) ? null : new Joined(parts!, isAnd: SyntaxTree.Kind(condition) == "CONJUNCTION_AND");
            case "COMPARISON":
                return Comparison(condition, mention);
            case "BETWEEN":
                return Column(condition.GetProperty("input"), mention) is { } column
                    && Text(condition.GetProperty("lower")) is { } from && Text(condition.GetProperty("upper")) is { } to
                    ? new Tested(column, value => value.SequenceCompareTo(from) >= 0 && value.SequenceCompareTo(to) <= 0) : null;
            case "OPERATOR":
                return Operator(condition, mention);
            case "FUNCTION" when SyntaxTree.IsCall(condition, out var name, out var arguments) && arguments.GetArrayLength() == 2:
                return Like(name, arguments, mention);
            default:
                return null;
        }
    }

    private static SeriesPredicate? Comparison(JsonElement node, Mention mention)
    {
        var (left, right) = (node.GetProperty("left"), node.GetProperty("right"));
        var turned = Column(left, mention) is null;
        if (turned) (left, right) = (right, left);
        if (Column(left, mention) is not { } column || Text(right) is not { } text) return null;
        var way = turned ? -1 : 1;
        return SyntaxTree.Kind(node) switch
        {
            "COMPARE_EQUAL" => new OneOf(column, [text]),
            "COMPARE_NOTEQUAL" => new Tested(column, value => !value.SequenceEqual(text)),
            "COMPARE_LESSTHAN" => new Tested(column, value => value.SequenceCompareTo(text) * way < 0),
            "COMPARE_LESSTHANOREQUALTO" => new Tested(column, value => value.SequenceCompareTo(text) * way <= 0),
            "COMPARE_GREATERTHAN" => new Tested(column, value => value.SequenceCompareTo(text) * way > 0),
            "COMPARE_GREATERTHANOREQUALTO" => new Tested(column, value => value.SequenceCompareTo(text) * way >= 0),
            _ => null,
        };
    }

    private static SeriesPredicate? Operator(JsonElement node, Mention mention)
    {
        var children = node.GetProperty("children");
        var kind = SyntaxTree.Kind(node);
        if (kind == "OPERATOR_NOT") return Of(children[0], mention) is { } inner ? new Not(inner) : null;
        if (Column(children[0], mention) is not { } column) return null;
        if (kind == "OPERATOR_IS_NULL") return new Known(column, isNull: true);
        if (kind == "OPERATOR_IS_NOT_NULL") return new Known(column, isNull: false);
        if (kind is not ("COMPARE_IN" or "COMPARE_NOT_IN")) return null;
        var values = children.EnumerateArray().Skip(1).Select(Text).ToList();
        if (values.Contains(null)) return null;
        var one = new OneOf(column, values!);
        return kind == "COMPARE_IN" ? one : new Not(one);
    }

    // Only % at the end, or nothing: there, bytes are as good as characters.
    private static Tested? Like(string name, JsonElement arguments, Mention mention)
    {
        if (name is not ("~~" or "!~~") || Column(arguments[0], mention) is not { } column || Text(arguments[1]) is not { } pattern) return null;
        var isPrefix = pattern.Length > 0 && pattern[^1] == '%';
        var start = isPrefix ? pattern[..^1] : pattern;
        if (start.AsSpan().IndexOfAny((byte)'%', (byte)'_', (byte)'\\') >= 0) return null;
        var wanted = name == "~~";
        return new Tested(column, value => (isPrefix ? value.StartsWith(start) : value.SequenceEqual(start)) == wanted);
    }

    private static int? Column(JsonElement node, Mention mention) => mention.Column(node) is { IsOfSeries: true } column ? column.At : null;

    private static byte[]? Text(JsonElement node) =>
        SyntaxTree.IsConstant(node, out var type, out var value) && type == "VARCHAR" && value.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetBytes(value.GetString()!) : null;

    /// <summary>A test of a value's bytes.</summary>
    private delegate bool Test(ReadOnlySpan<byte> value);

    private sealed class Tested(int column, Test test) : SeriesPredicate
    {
        public override IEnumerable<int> Columns => [column];

        public override bool? Holds(Func<int, byte[]?> value) => value(column) is { } bytes ? test(bytes) : null;
    }

    private sealed class OneOf(int column, IReadOnlyList<byte[]> values) : SeriesPredicate
    {
        public override IEnumerable<int> Columns => [column];

        public override (int Column, IReadOnlyList<byte[]> Values)? Few => (column, values);

        public override bool? Holds(Func<int, byte[]?> value)
        {
            if (value(column) is not { } bytes) return null;
            foreach (var one in values)
                if (one.AsSpan().SequenceEqual(bytes)) return true;
            return false;
        }
    }

    private sealed class Known(int column, bool isNull) : SeriesPredicate
    {
        public override IEnumerable<int> Columns => [column];

        public override (int Column, bool IsNull)? OfNull => (column, isNull);

        public override bool? Holds(Func<int, byte[]?> value) => value(column) is null == isNull;
    }

    private sealed class Not(SeriesPredicate inner) : SeriesPredicate
    {
        public override IEnumerable<int> Columns => inner.Columns;

        public override bool? Holds(Func<int, byte[]?> value) => !inner.Holds(value);
    }

    private sealed class Joined(IReadOnlyList<SeriesPredicate> parts, bool isAnd) : SeriesPredicate
    {
        public override IEnumerable<int> Columns => parts.SelectMany(static part => part.Columns);

        public override bool? Holds(Func<int, byte[]?> value)
        {
            bool? all = isAnd;
            foreach (var part in parts)
            {
                var holds = part.Holds(value);
                if (holds == !isAnd) return !isAnd;
                if (holds is null) all = null;
            }

            return all;
        }
    }
}
