using System.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Functions;
using Millrace.Sql.Rules.Syntax;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary>Binds what was written to fields, functions and types, and refuses what there is not.</summary>
internal sealed class Compiler(FieldSet fields, RuleSqlOptions options)
{
    public RuleSqlOptions Options => options;

    /// <summary>Whether an expression asks for the payload as a whole, so that it must be JSON.</summary>
    public bool UsesPayload { get; private set; }

    public Expression Compile(Syntax.Syntax syntax) => syntax switch
    {
        NumberSyntax number => Number(number),
        StringSyntax text => new TextConstant(Encoding.UTF8.GetBytes(text.Text)),
        WordSyntax { Value: { } boolean } => new BooleanConstant(boolean),
        WordSyntax => new NullConstant(),
        NameSyntax name => new FieldAccess(fields.Add(name.Name)),
        StarSyntax star => throw new SyntaxException(star.At, "'*' as an argument is not supported yet"),
        DistinctSyntax distinct => throw new SyntaxException(distinct.At, "DISTINCT can stand in count(distinct x) only, with GROUP BY"),
        MemberSyntax member => Member(member),
        IndexSyntax index => new ElementAccess(Compile(index.Of), Compile(index.Index)),
        UnarySyntax { Operator: "-" } unary => new Negation(Compile(unary.Operand)),
        UnarySyntax unary => new Inversion(Compile(unary.Operand)),
        BinarySyntax binary => Binary(binary.Operator, Compile(binary.Left), Compile(binary.Right)),
        CallSyntax call => Call(call),
        CastSyntax cast => Cast(cast),
        ArraySyntax array => new ArrayLiteral([.. array.Items.Select(Compile)]),
        ObjectSyntax json => new ObjectLiteral([.. json.Members.Select(m => (Encoding.UTF8.GetBytes(m.Name), Compile(m.Value)))]),
        _ => throw new InvalidOperationException($"{syntax.GetType().Name} cannot be compiled"),
    };

    /// <summary>The payload itself, as <c>* AS name</c> asks for it.</summary>
    public PayloadAccess Payload()
    {
        UsesPayload = true;
        return new PayloadAccess();
    }

    private static NumberConstant Number(NumberSyntax syntax) =>
        Values.Number.TryParse(Encoding.UTF8.GetBytes(syntax.Text), out var number)
            ? new NumberConstant(number)
            : throw new SyntaxException(syntax.At, $"the number is out of range: at most 10^{Values.Number.MaxExponent}");

    private static Expression Binary(string sign, Expression left, Expression right) => sign switch
    {
        "+" => new Addition(left, right),
        "-" or "*" or "/" or "%" => new Arithmetic(sign[0], left, right),
        "=" => new Equality(negated: false, left, right),
        "<>" => new Equality(negated: true, left, right),
        "<" => new Ordering(less: true, orEqual: false, left, right),
        "<=" => new Ordering(less: true, orEqual: true, left, right),
        ">" => new Ordering(less: false, orEqual: false, left, right),
        ">=" => new Ordering(less: false, orEqual: true, left, right),
        "AND" => new Logic(and: true, left, right),
        "OR" => new Logic(and: false, left, right),
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
        return new FieldAccess(fields.Add([name.Name, .. steps]));
    }

    private Call Call(CallSyntax call)
    {
        var function = FunctionList.Find(call.Name) ?? throw new SyntaxException(call.At, FunctionList.Missing(call.Name));
        if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most)
            throw new SyntaxException(call.At, $"{function.Name}() {function.Arity}, not {call.Arguments.Count}");
        return new Call(function.Body, [.. call.Arguments.Select(Compile)]);
    }

    private Cast Cast(CastSyntax cast)
    {
        if (!Expressions.Cast.Types.TryGetValue(cast.Type, out var type))
            throw new SyntaxException(cast.TypeAt, $"there is no type {cast.Type}; there are {string.Join(", ", Expressions.Cast.Types.Keys)}");
        return new Cast(type.Target, type.Whole, Compile(cast.Operand));
    }
}
