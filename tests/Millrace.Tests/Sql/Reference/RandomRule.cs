using System.Globalization;

namespace Millrace.Tests.Sql.Reference;

/// <summary>Statements of every construct, with operands mostly of a type that makes sense there.</summary>
internal sealed class RandomRule(Random random)
{
    /// <summary>Attributes. The first letter says what a payload mostly has there: number, string, flag, list, object, rows, anything.</summary>
    public static readonly string[] Names = ["n", "n2", "nn", "s", "s2", "f", "l", "o", "r", "z", "zz"];

    private static readonly string[] Literals = ["0", "1", "2", "3", "10", "2.5", "0.1", "1.50", "1e3", "7", "34", "12345678901234567890", "1E-9", "100", "0.5"];
    private static readonly string[] Texts = ["", "x", "red", "5", "2.5", "true", "False", "it's", "é€", "a", "b", "-1", "1e2", " p ", "n", "😀", "\\d", "\"q\"", "abc"];
    private static readonly string[] Patterns = ["a", "b+", "[a-z]+", "^r", "d$", "(ab)*c", "x|e", "[0-9]{1,2}"];
    private static readonly string[] Types = ["String", "Text", "Varchar", "Int", "Integer", "Decimal", "Double", "Bool", "BOOLEAN", "nvarchar", "Ntext"];

    private static readonly string[] NumberFunctions =
        ["abs", "floor", "ceil", "round", "sign", "sqrt", "exp", "ln", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "bitnot"];

    private static readonly string[] NumbersFunctions = ["mod", "remainder", "power", "bitand", "bitor", "bitxor", "trunc", "atan2"];
    private static readonly string[] TextFunctions = ["lower", "upper", "ltrim", "rtrim", "trim", "md5", "sha1", "sha256", "sha384", "sha512"];

    private readonly List<string> _variables = [];
    private readonly List<string> _aliases = [];

    public Term.Statement Statement()
    {
        var set = new List<(string, Term)>();
        for (var count = random.Next(4) == 0 ? random.Next(1, 4) : 0; count > 0; count--)
        {
            set.Add(($"v{count}", Any(2)));
            _variables.Add($"v{count}");
        }

        var where = random.Next(3) == 0 ? Flag(3) : null;
        if (random.Next(6) == 0) return new Term.Statement([.. set], true, [new Term.Item(Any(3))], where);
        return new Term.Statement([.. set], false, Items(3), where);
    }

    private Term.Item[] Items(int depth)
    {
        if (random.Next(10) == 0) return [new Term.Item(null)];
        var items = Enumerable.Range(0, random.Next(1, 4)).Select(i => Item(depth, i)).ToList();
        if (random.Next(8) == 0) items.Insert(random.Next(items.Count + 1), new Term.Item(null));
        return [.. items];
    }

    private Term.Item Item(int depth, int number)
    {
        if (random.Next(5) == 0) return new Term.Item(Path());
        string[] alias = random.Next(12) == 0 ? [$"p{number}", "q"] : [random.Next(10) == 0 ? Pick(Names) : $"c{number}"];
        return new Term.Item(random.Next(20) == 0 ? null : Any(depth), alias);
    }

    private Term Any(int depth) => random.Next(9) switch
    {
        0 or 1 or 2 => Number(depth),
        3 or 4 => Text(depth),
        5 => Flag(depth),
        6 => List(depth),
        7 => Map(depth),
        _ => Leaf('z'),
    };

    /// <summary>Mostly the term; now and then one of another type.</summary>
    private Term Number(int depth) => depth <= 0 ? Leaf('n') : random.Next(11) switch
    {
        0 => Any(depth - 1),
        1 => Leaf('n'),
        2 => new Term.Minus(Number(depth - 1)),
        3 => new Term.Call(Pick(NumberFunctions), Number(depth - 1)),
        4 => new Term.Call(Pick(NumbersFunctions), Number(depth - 1), Number(depth - 1)),
        5 => new Term.Call(Pick(["length", "numbytes"]), Text(depth - 1)),
        6 => new Term.Call("indexof", Text(depth - 1), Text(0)),
        7 => new Term.CastTo(Pick(Types), Any(depth - 1)),
        8 => Choice(depth, Number),
        _ => new Term.Two(Pick(["+", "-", "*", "/", "%"]), Number(depth - 1), Number(depth - 1)),
    };

    private Term Text(int depth) => depth <= 0 ? Leaf('s') : random.Next(12) switch
    {
        0 => Any(depth - 1),
        1 => Leaf('s'),
        2 => new Term.Call(Pick(TextFunctions), Text(depth - 1)),
        3 => new Term.Two("+", Text(depth - 1), Any(depth - 1)),
        4 => new Term.Call(Pick(["lpad", "rpad"]), Text(depth - 1), Small()),
        5 => random.Next(2) == 0
            ? new Term.Call("substring", Text(depth - 1), Small())
            : new Term.Call("substring", Text(depth - 1), Small(), Small()),
        6 => new Term.Call("replace", Text(depth - 1), Text(0), Text(0)),
        7 => new Term.CastTo(Pick(Types), Any(depth - 1)),
        8 => random.Next(2) == 0 ? new Term.Call("chr", Number(depth - 1)) : new Term.Call("encode", Text(depth - 1), new Term.Quote("base64")),
        9 => new Term.Call("regexp_substr", Text(depth - 1), new Term.Quote(Pick(Patterns))),
        10 => Choice(depth, Text),
        _ => new Term.Call("concat", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(depth - 1))]),
    };

    private Term Flag(int depth) => depth <= 0 ? Leaf('f') : random.Next(11) switch
    {
        0 => Any(depth - 1),
        1 => new Term.Not(Flag(depth - 1)),
        2 or 3 => new Term.Two(Pick(["AND", "OR"]), Flag(depth - 1), Flag(depth - 1)),
        4 => new Term.Two(Pick(["=", "<>", "!="]), Any(depth - 1), Any(depth - 1)),
        5 => new Term.Two(Pick(["=", "<>"]), Number(depth - 1), Number(depth - 1)),
        6 => new Term.Two(Pick(["IN", "NOT IN"]), Any(depth - 1), List(depth - 1)),
        7 => random.Next(2) == 0
            ? new Term.Call(Pick(["startswith", "endswith"]), Text(depth - 1), Text(0))
            : new Term.Call("regexp_matches", Text(depth - 1), new Term.Quote(Pick(Patterns))),
        8 => random.Next(2) == 0 ? new Term.Call(Pick(["isNull", "isUndefined"]), Any(depth - 1)) : new Term.Exists(Select(depth - 1)),
        _ => new Term.Two(Pick(["<", "<=", ">", ">="]), Number(depth - 1), Number(depth - 1)),
    };

    private Term List(int depth) => depth <= 0 ? Leaf('l') : random.Next(7) switch
    {
        0 => Any(depth - 1),
        1 => Leaf('l'),
        2 => new Term.Call("concat", List(depth - 1), Any(depth - 1)),
        3 => Select(depth - 1),
        4 => new Term.Call("transform", new Term.Quote(random.Next(9) == 0 ? "other" : "enrichArray"), Map(depth - 1), random.Next(3) == 0 ? List(depth - 1) : Leaf('r')),
        _ => new Term.List([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1))]),
    };

    private Term Map(int depth) => depth <= 0 ? Leaf('o') : random.Next(6) switch
    {
        0 => Any(depth - 1),
        1 => Leaf('o'),
        2 => new Term.Call("get", List(depth - 1), Small()),
        _ => new Term.Map([.. Names.Take(random.Next(4)).Select(n => (random.Next(8) == 0 ? "it's" : n, Any(depth - 1)))]),
    };

    private Term Choice(int depth, Func<int, Term> of) => random.Next(3) switch
    {
        0 => new Term.Call(Pick(["nanvl", "get_or_default"]), of(depth - 1), of(depth - 1)),
        1 => new Term.Element(random.Next(2) == 0 ? Leaf('l') : List(depth - 1), Small()),
        _ => new Term.Case(
            Any(depth - 1),
            [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => ((Term, Term))(Leaf('z'), of(depth - 1)))],
            random.Next(2) == 0 ? of(depth - 1) : null),
    };

    private Term.Select Select(int depth)
    {
        Term from = random.Next(5) switch { 0 => new Term.Member(new Term.Attribute("o"), "r"), 1 => new Term.Attribute("o"), 2 => new Term.Attribute("l"), _ => new Term.Attribute("r") };
        var alias = random.Next(2) == 0 ? Pick(["e", "e2"]) : null;
        if (alias is not null) _aliases.Add(alias);
        var where = random.Next(2) == 0 ? Flag(Math.Max(depth, 1)) : null;
        var select = random.Next(3) == 0
            ? new Term.Select(true, [new Term.Item(Any(depth))], from, alias, where)
            : new Term.Select(false, Items(depth), from, alias, where);
        if (alias is not null) _aliases.RemoveAt(_aliases.Count - 1);
        return select;
    }

    private Term Leaf(char kind)
    {
        var any = random.Next(10);
        if (any == 0 && _variables.Count > 0) return new Term.Variable(Pick([.. _variables]));
        if (any == 1 && _aliases.Count > 0) return random.Next(2) == 0 ? new Term.Attribute(_aliases[^1]) : new Term.Member(new Term.Attribute(_aliases[^1]), Pick(Names));
        if (any == 2) return Path();
        if (any == 3) kind = Pick(['n', 's', 'f', 'l', 'o', 'z']);
        var name = Pick([.. Names.Where(n => n[0] == kind), .. kind == 'r' ? new[] { "r" } : []]);
        if (random.Next(3) > 0) return new Term.Attribute(name);
        return kind switch
        {
            'n' => new Term.Number(Pick(Literals)),
            's' => new Term.Quote(Pick(Texts)),
            'f' => new Term.Word(random.Next(2) == 0),
            'l' => new Term.List(new Term.Number("1"), new Term.Quote("red"), new Term.Attribute("n")),
            'o' => new Term.Map(("n", new Term.Attribute("n")), ("k", new Term.Quote("v"))),
            _ => new Term.Word(null),
        };
    }

    private Term Path()
    {
        Term path = new Term.Attribute(Pick(Names));
        for (var steps = random.Next(3); steps > 0; steps--) path = new Term.Member(path, Pick(Names));
        return path;
    }

    private Term Small()
    {
        if (random.Next(6) == 0) return Number(1);
        var n = random.Next(-2, 6);
        return n < 0 ? new Term.Minus(new Term.Number("1")) : new Term.Number(n.ToString(CultureInfo.InvariantCulture));
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
