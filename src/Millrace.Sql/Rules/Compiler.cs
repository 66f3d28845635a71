using System.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Functions;
using Millrace.Sql.Rules.Syntax;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary>Binds what was written to fields, functions and types, and refuses what there is not.</summary>
internal sealed class Compiler(FieldSet fields, RuleSqlOptions options)
{
    private readonly ConstantFolding _folding = new(options);
    private readonly Expression?[] _variables = new Expression?[options.Variables.Count];

    // The nested SELECTs around what is compiled, the innermost last.
    private List<(int Select, string? Name, FieldSet Elements)> _scopes = [];
    private int _selects;
    private int _visible = options.Variables.Count;

    public RuleSqlOptions Options => options;

    /// <summary>Whether an expression asks for the payload as a whole, so that it must be JSON.</summary>
    public bool UsesPayload { get; private set; }

    /// <summary>What its calls ask for.</summary>
    public FunctionUsage Functions { get; } = new();

    public Expression Compile(Syntax.Syntax syntax) => _folding.Of(syntax, Bind(syntax));

    private Expression Bind(Syntax.Syntax syntax) => syntax switch
    {
        NumberSyntax number => Number(number),
        StringSyntax text => new TextConstant(Encoding.UTF8.GetBytes(text.Text)),
        WordSyntax { Value: { } boolean } => new BooleanConstant(boolean),
        WordSyntax => new NullConstant(),
        NameSyntax name => Path([name.Name], _scopes.Count),
        VariableSyntax variable => Variable(variable),
        StarSyntax star => throw new SyntaxException(star.At, "'*' stands alone in SELECT, or alone as the argument of encode(), decode() or aws_lambda()"),
        DistinctSyntax distinct => throw new SyntaxException(distinct.At, "DISTINCT can stand in count(distinct x) only, with GROUP BY"),
        MemberSyntax member => Member(member),
        IndexSyntax index => new ElementAccess(Compile(index.Of), Compile(index.Index)),
        UnarySyntax { Operator: "-" } unary => new Negation(Compile(unary.Operand)),
        UnarySyntax unary => new Inversion(Compile(unary.Operand)),
        BinarySyntax binary => Binary(binary.Operator, Compile(binary.Left), Compile(binary.Right)),
        CallSyntax call => Call(call),
        CastSyntax cast => Cast(cast),
        ArraySyntax array when Has2016(array, "an array literal") => new ArrayLiteral([.. array.Items.Select(Compile)]),
        ObjectSyntax json when Has2016(json, "an object literal") => Object(json),
        CaseSyntax choice => new Choice(
            Compile(choice.Subject),
            [.. choice.Choices.Select(c => (Compile(c.Value), Compile(c.Result)))],
            choice.Else is null ? null : Compile(choice.Else)),
        SelectSyntax select when Has2016(select, "a nested SELECT") => Select(select),
        ExistsSyntax exists when Has2016(exists, "EXISTS") => new Existence(Select(exists.Select)),
        _ => throw new InvalidOperationException($"{syntax.GetType().Name} cannot be compiled"),
    };

    /// <summary>The payload itself, as <c>* AS name</c> asks for it.</summary>
    public PayloadAccess Payload()
    {
        UsesPayload = true;
        return new PayloadAccess();
    }

    /// <summary>Compiles all variables that SET declares, used or not, so that a mistake in one is found.</summary>
    public void CheckVariables()
    {
        for (var i = 0; i < _variables.Length; i++) _variables[i] ??= Assigned(i);
    }

    private bool Has2016(Syntax.Syntax syntax, string what) => options.Version == SqlVersion.V2016
        ? true
        : throw new SyntaxException(syntax.At, $"{what} needs version 2016-03-23 of AWS IoT SQL, and this statement is for 2015-10-08");

    private NumberConstant Number(NumberSyntax syntax) =>
        Values.Number.TryParse(Encoding.UTF8.GetBytes(syntax.Text), out var number)
            ? new NumberConstant(number, options.Version == SqlVersion.V2015 && syntax.Text.AsSpan().ContainsAny(".eE"))
            : throw new SyntaxException(syntax.At, $"the number is out of range: at most 10^{Values.Number.MaxExponent}");

    private Expression Binary(string sign, Expression left, Expression right) => FastNumbers.Of(sign, left, right, options) ?? sign switch
    {
        "+" => new Addition(left, right),
        "-" or "*" or "/" or "%" => Arithmetic.Of(sign[0], left, right, options),
        "=" => new Equality(negated: false, left, right),
        "<>" => new Equality(negated: true, left, right),
        "<" => new Ordering(less: true, orEqual: false, left, right),
        "<=" => new Ordering(less: true, orEqual: true, left, right),
        ">" => new Ordering(less: false, orEqual: false, left, right),
        ">=" => new Ordering(less: false, orEqual: true, left, right),
        "AND" => Logic.Of(and: true, left, right, options),
        "OR" => Logic.Of(and: false, left, right, options),
        "IN" => new Membership(left, right),
        _ => throw new InvalidOperationException($"operator {sign} cannot be compiled"),
    };

    /// <summary>A path of names is one field for the payload's reader; after anything else the attribute is looked for.</summary>
    private Expression Member(MemberSyntax member)
    {
        var steps = new Stack<string>();
        Syntax.Syntax root = member;
        for (; root is MemberSyntax step; root = step.Of) steps.Push(step.Name);
        if (root is not NameSyntax name) return new MemberAccess(Compile(member.Of), Encoding.UTF8.GetBytes(member.Name));
        if (steps.Count >= ExpressionParser.MaxNesting)
            throw new SyntaxException(member.At, $"a path must not have more than {ExpressionParser.MaxNesting} names");
        return Path([name.Name, .. steps], _scopes.Count);
    }

    /// <summary>A path as it is read with so many SELECTs around it: of the innermost element that has its first name, or of the payload.</summary>
    private Expression Path(string[] path, int scopes)
    {
        if (scopes == 0) return new FieldAccess(fields.Add(path));
        var (select, name, elements) = _scopes[scopes - 1];
        if (path[0] != name) return new ElementField(select, elements.Add(path[0]), elements.Add(path), Path(path, scopes - 1));
        return path.Length == 1 ? new CurrentElement(select) : new ElementField(select, -1, elements.Add(path[1..]), around: null);
    }

    private Expression Variable(VariableSyntax syntax)
    {
        if (options.HasAnyVariable) return new NullConstant();
        var number = options.Variables.TakeWhile(known => known.Name != syntax.Name).Count();
        if (number == options.Variables.Count)
        {
            var hint = Spelling.Hint($"@{syntax.Name}", options.Variables.Select(static known => $"@{known.Name}"));
            throw new SyntaxException(syntax.At, $"there is no variable @{syntax.Name}: SET declares variables, before SELECT{hint}");
        }

        if (number >= _visible) throw new SyntaxException(syntax.At, $"@{syntax.Name} has no value yet: a variable of SET can use those before it");
        return new VariableAccess(number, _variables[number] ??= Assigned(number));
    }

    /// <summary>The value of a variable, which sees those before it, and of the payload what a statement sees.</summary>
    private Expression Assigned(int number)
    {
        var (visible, scopes) = (_visible, _scopes);
        (_visible, _scopes) = (number, []);
        var value = Compile(options.Variables[number].Value);
        (_visible, _scopes) = (visible, scopes);
        return value;
    }

    private ObjectLiteral Object(ObjectSyntax syntax)
    {
        var members = new List<OutputMember>();
        foreach (var (name, value) in syntax.Members) OutputMember.Add(members, [name], Compile(value));
        return new ObjectLiteral(members);
    }

    private NestedSelect Select(SelectSyntax syntax)
    {
        var from = Compile(syntax.From);
        var number = _selects++;
        var elements = new FieldSet();
        _scopes.Add((number, syntax.Name, elements));
        var star = new CurrentElement(number);
        var where = syntax.Where is null ? null : Compile(syntax.Where);
        Expression? value = null;
        ElementProjection? items = null;
        if (!syntax.IsValue) items = new ElementProjection(SelectedItems.Of(syntax.Items, this, () => star));
        else value = syntax.Items[0].Expression is StarSyntax ? star : Compile(syntax.Items[0].Expression);
        _scopes.RemoveAt(_scopes.Count - 1);
        return new NestedSelect(number, elements, from, where, value, items);
    }

    private Expression Call(CallSyntax call)
    {
        var count = call.Arguments.Count;
        if (options.WrongCountIsUndefined && FunctionList.Find(call.Name) is { } known && (count < known.Least || count > known.Most))
            return new UndefinedConstant();
        var (function, body) = FunctionBinder.Bind(call, options, Functions);
        return new Call(body, [.. call.Arguments.Select(argument => Argument(function, argument))]);
    }

    private Expression Argument(Function function, Syntax.Syntax argument) =>
        argument is not StarSyntax ? Compile(argument) : function.TakesRawPayload ? new RawPayload() : Payload();

    private Cast Cast(CastSyntax cast)
    {
        if (!CastTypes.All.TryGetValue(cast.Type, out var type))
        {
            var hint = Spelling.Hint(cast.Type, CastTypes.All.Keys);
            throw new SyntaxException(cast.TypeAt, $"there is no type {cast.Type}{hint}; there are {string.Join(", ", CastTypes.All.Keys)}");
        }

        if (type.Since2016) Has2016(cast, $"cast to {cast.Type}");
        return new Cast(type.Target, type.Whole, Compile(cast.Operand));
    }
}
