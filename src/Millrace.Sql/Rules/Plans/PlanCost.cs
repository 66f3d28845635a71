using System.Buffers;
using System.Text;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules.Functions;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Plans;

/// <summary>Goes through a statement and notes what is constant and what is slow.</summary>
internal sealed class PlanCost
{
    private readonly string _sql;
    private readonly RuleSqlOptions _options;
    private readonly List<PlanNote> _constants = [];
    private readonly List<PlanNote> _slow = [];
    private int _selects;

    private PlanCost(string sql, RuleSqlOptions options) => (_sql, _options) = (sql, options);

    public IReadOnlyList<PlanNote> Constants => _constants;

    public IReadOnlyList<PlanNote> Slow => _slow;

    /// <param name="statement">One that compiles.</param>
    public static PlanCost Of(string sql, StatementSyntax statement, RuleSqlOptions options)
    {
        var cost = new PlanCost(sql, options);
        foreach (var variable in statement.Variables) cost.Visit(variable.Value);
        if (statement.Where is not null) cost.Visit(statement.Where);
        foreach (var item in statement.Items) cost.Visit(item.Expression);
        return cost;
    }

    private void Visit(Syntax.Syntax syntax)
    {
        if (ConstantFolding.IsConstant(syntax))
        {
            if (ConstantFolding.IsComputed(syntax)) _constants.Add(Note(syntax, ValueOf(syntax)));
            return;
        }

        if (Reason(syntax) is { } reason) _slow.Add(Note(syntax, reason));
        if (syntax is SelectSyntax) _selects++;
        foreach (var part in PartsOf(syntax)) Visit(part);
        if (syntax is SelectSyntax) _selects--;
    }

    private string? Reason(Syntax.Syntax syntax) => syntax switch
    {
        BinarySyntax { Operator: "/" } when !_options.IntegerDivision =>
            "a division that leaves a rest makes 34 digits; beyond 18 digits numbers are computed as big integers, some hundred nanoseconds an operation",
        BinarySyntax { Operator: "IN" } => "compares with one element after another",
        SelectSyntax when _selects > 0 => "goes through all elements for each element of the SELECT around it: the two numbers multiply",
        SelectSyntax => "evaluates its items and its condition for each element",
        CallSyntax call => Reason(call),
        _ => null,
    };

    private static string? Reason(CallSyntax call)
    {
        var function = FunctionList.Find(call.Name)!;
        if (function.IsExternal) return "asks outside of the message, for each message";
        return function.Name switch
        {
            "regexp_matches" or "regexp_replace" or "regexp_substr" => call.Arguments[1] is StringSyntax
                ? "a regular expression looks at each character of its text; startswith(), endswith(), indexof() or replace() are faster where they suffice"
                : "a regular expression that comes with the message: each new one is compiled first",
            "md2" or "md5" or "sha1" or "sha224" or "sha256" or "sha384" or "sha512" => "hashes each byte of its text",
            "decode" when call.Arguments.Count > 2 => "decodes Protocol Buffers into JSON",
            "decode" => "decodes base64 and, where that is JSON, checks it again",
            "encode" => "writes its text again, as base64",
            "transform" => "copies every element, and the object into each",
            "parse_time" or "time_to_epoch" => "goes through a pattern of time",
            "acos" or "asin" or "atan" or "atan2" or "cos" or "cosh" or "exp" or "ln" or "log" or "power" or "sin" or "sinh" or "sqrt" or "tan" or "tanh" =>
                "goes from decimal to double and back, through text",
            _ => null,
        };
    }

    private static IEnumerable<Syntax.Syntax> PartsOf(Syntax.Syntax syntax) => syntax switch
    {
        MemberSyntax member => [member.Of],
        IndexSyntax index => [index.Of, index.Index],
        UnarySyntax unary => [unary.Operand],
        BinarySyntax binary => [binary.Left, binary.Right],
        CastSyntax cast => [cast.Operand],
        CallSyntax call => call.Arguments,
        ArraySyntax array => array.Items,
        ObjectSyntax json => json.Members.Select(static m => m.Value),
        CaseSyntax choice => [choice.Subject, .. choice.Choices.SelectMany(static c => new[] { c.Value, c.Result }), .. choice.Else is null ? [] : new[] { choice.Else }],
        SelectSyntax select => [select.From, .. select.Where is null ? [] : new[] { select.Where }, .. select.Items.Select(static i => i.Expression)],
        ExistsSyntax exists => [exists.Select],
        _ => [],
    };

    private PlanNote Note(Syntax.Syntax syntax, string text)
    {
        var place = SqlError.At(_sql, FirstOf(syntax), text);
        return new PlanNote(place.Line, place.Column, SyntaxText.Of(syntax), text);
    }

    // An operator stands at its sign, an expression at its first character.
    private static int FirstOf(Syntax.Syntax syntax) => syntax switch
    {
        BinarySyntax binary => FirstOf(binary.Left),
        MemberSyntax member => FirstOf(member.Of),
        IndexSyntax index => FirstOf(index.Of),
        _ => syntax.At,
    };

    private string ValueOf(Syntax.Syntax constant)
    {
        if (!RuleSql.TryCompile($"SELECT VALUE ({SyntaxText.Of(constant)})", _options, out var rule, out _)) return "";
        var output = new ArrayBufferWriter<byte>();
        rule.Evaluate(new Record(), new RuleContext(TimeProvider.System), output);
        return output.WrittenCount == 0 ? "Undefined" : Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
