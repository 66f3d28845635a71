using Millrace.Contracts.Records;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Functions;
using Millrace.Sql.Rules.Syntax;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary>What is the same for every message is computed once, when a statement is compiled. One for each statement.</summary>
internal sealed class ConstantFolding(RuleSqlOptions options)
{
    // More than that is not worth the memory that each rule would hold.
    private const int MaxKept = 64 * 1024;

    // Never cleared, so that all constants of a statement together make no more than those of one message may.
    private RuleContext? _context;

    /// <summary>The value in the place of the expression, where no message can change it.</summary>
    /// <param name="syntax">What was written.</param>
    /// <param name="compiled">What it was compiled to, of parts that are folded already.</param>
    public Expression Of(Syntax.Syntax syntax, Expression compiled) => IsComputed(syntax) && IsConstant(syntax) ? Folded(compiled) : compiled;

    /// <summary>Whether it is more than a literal.</summary>
    public static bool IsComputed(Syntax.Syntax syntax) => syntax is not (NumberSyntax or StringSyntax or WordSyntax);

    /// <summary>Whether nothing in it comes of the message, of chance, or of elsewhere.</summary>
    public static bool IsConstant(Syntax.Syntax syntax) => syntax switch
    {
        NumberSyntax or StringSyntax or WordSyntax => true,
        MemberSyntax member => IsConstant(member.Of),
        IndexSyntax index => IsConstant(index.Of) && IsConstant(index.Index),
        UnarySyntax unary => IsConstant(unary.Operand),
        BinarySyntax binary => IsConstant(binary.Left) && IsConstant(binary.Right),
        CastSyntax cast => IsConstant(cast.Operand),
        CallSyntax call => IsPure(call) && call.Arguments.All(IsConstant),
        ArraySyntax array => array.Items.All(IsConstant),
        ObjectSyntax json => json.Members.All(static m => IsConstant(m.Value)),
        CaseSyntax choice => IsConstant(choice.Subject) && choice.Choices.All(static c => IsConstant(c.Value) && IsConstant(c.Result))
            && (choice.Else is null || IsConstant(choice.Else)),
        _ => false,
    };

    /// <summary>Whether a function gives the same for the same arguments. Those that may have none speak of the message, or of chance.</summary>
    private static bool IsPure(CallSyntax call) => FunctionList.Find(call.Name) is { IsExternal: false } function && function.Name switch
    {
        "concat" => true,
        "get_mqtt_property" => false,
        "decode" => call.Arguments.Count == 2,
        _ => function.Least > 0,
    };

    private Expression Folded(Expression expression)
    {
        if (_context is null)
        {
            _context = new RuleContext(TimeProvider.System);
            _context.Begin();
        }

        if (_context.Failed) return expression;
        var value = expression.Evaluate(new Evaluation(new Record(), default, _context, options));
        if (_context.Failed || value.Bytes.Length > MaxKept) return expression;
        return value.Kind switch
        {
            ValueKind.Undefined => new UndefinedConstant(),
            ValueKind.Null => new NullConstant(),
            ValueKind.Boolean => new BooleanConstant(value.IsTrue),
            ValueKind.Number when value.Bytes.IsEmpty => new NumberConstant(value.Computed, value.Flag),
            ValueKind.String when !value.IsEscaped => new TextConstant(value.Bytes.ToArray()),
            _ => new JsonConstant(value),
        };
    }
}
