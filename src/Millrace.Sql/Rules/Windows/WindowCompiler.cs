using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Windows;

/// <summary>Makes two rules of a statement with GROUP BY.</summary>
/// <remarks>
/// The first is evaluated for each message and gives a row: <c>{"k0":…,"a0":…,"t":…}</c>, the keys, the arguments of aggregates, and the event time.
/// The second is evaluated for each window that ends, on <c>{"k0":…,"a0":…,"ws":…,"we":…}</c> with what the aggregates came to, and gives what SELECT lists. So all
/// of the language is the same inside of aggregates and around them.
/// </remarks>
internal sealed class WindowCompiler
{
    public const string Time = "t";
    public const string WindowStart = "ws";
    public const string WindowEnd = "we";

    /// <summary>As many as a statement may select items would be a state of megabytes for each group.</summary>
    private const int MaxAggregates = 100;

    // Of one message, where a window has many.
    private static readonly string[] OfOneMessage =
    [
        "clientid", "get_mqtt_property", "get_user_properties", "principal", "sourceip", "timestamp", "topic", "traceid",
    ];

    private readonly List<Syntax.Syntax> _keys = [];
    private readonly List<string> _keyTexts = [];
    private readonly List<Aggregate> _aggregates = [];
    private readonly List<string> _aggregateTexts = [];
    private readonly List<Syntax.Syntax> _arguments = [];
    private readonly List<string> _argumentTexts = [];

    private WindowCompiler()
    {
    }

    /// <summary>The rule for each message, with the plan of its windows.</summary>
    public static CompiledRule Compile(StatementSyntax statement, GroupSyntax group, RuleSqlOptions options)
    {
        if (options.Windows is not { } windows)
            throw new SyntaxException(group.At, "GROUP BY needs a flow that keeps the windows: a rule for one message cannot have it; write the statement as sql: of a flow");
        if (options.Version != SqlVersion.V2016) throw new SyntaxException(group.At, "GROUP BY needs version 2016-03-23, and this statement is for 2015-10-08");
        return new WindowCompiler().CompileRules(statement, group, options with { Windows = null }, windows);
    }

    private CompiledRule CompileRules(StatementSyntax statement, GroupSyntax group, RuleSqlOptions options, WindowSqlOptions windows)
    {
        var span = Window(group);
        foreach (var key in group.Items.Where(static item => !WindowSpan.Is(item))) AddKey(key);
        if (statement.Where is { } where) NoAggregate(where, "WHERE looks at one message, before there are windows: filter the rows in a flow that reads them");

        if (statement.IsValue) throw new SyntaxException(statement.Items[0].Expression.At, "a row of a window is an object: leave VALUE out, and name the item");
        var output = RuleSql.Compile(new StatementSyntax { Items = [.. statement.Items.Select(Output)] }, options);

        List<ItemSyntax> inputs = [];
        for (var i = 0; i < _keys.Count; i++) inputs.Add(new ItemSyntax(_keys[i], [KeyName(i)]));
        for (var i = 0; i < _arguments.Count; i++) inputs.Add(new ItemSyntax(_arguments[i], [ArgumentName(i)]));
        if (windows.TimeField is { } field) inputs.Add(new ItemSyntax(Path(field, group.At), [Time]));
        var plan = new WindowPlan(span, _keys.Count, _arguments.Count, [.. _aggregates], windows.TimeField is not null, output, Layout(span));
        return RuleSql.Compile(statement with { Items = inputs, GroupBy = null }, options).With(plan);
    }

    public static string KeyName(int key) => $"k{key}";

    public static string ArgumentName(int argument) => $"a{argument}";

    private static WindowSpan Window(GroupSyntax group)
    {
        var spans = group.Items.Where(WindowSpan.Is).ToArray();
        return spans switch
        {
            [] => throw new SyntaxException(group.At, $"GROUP BY without a window would never end: {WindowSpan.Advice}"),
            [CallSyntax only] => WindowSpan.Of(only),
            _ => throw new SyntaxException(spans[1].At, "GROUP BY takes one window"),
        };
    }

    private void AddKey(Syntax.Syntax key)
    {
        NoAggregate(key, "messages cannot be grouped by what is made of a group");
        if (key is NumberSyntax or StringSyntax) throw new SyntaxException(key.At, "a constant makes no groups: name a field or an expression");
        var text = SyntaxText.Of(key);
        if (_keyTexts.Contains(text)) throw new SyntaxException(key.At, "this key stands there twice");
        _keys.Add(key);
        _keyTexts.Add(text);
    }

    private ItemSyntax Output(ItemSyntax item)
    {
        if (item.Expression is StarSyntax star)
            throw new SyntaxException(star.At, "'*' is all of one message, and a window has many: select group keys and aggregates");
        var named = item.Alias.Count > 0 || NameOf(item.Expression) is null;
        return new ItemSyntax(Rewrite(item.Expression), named ? item.Alias : [NameOf(item.Expression)!]);
    }

    /// <summary>An expression over what is known of a window.</summary>
    private Syntax.Syntax Rewrite(Syntax.Syntax syntax)
    {
        var key = _keyTexts.IndexOf(SyntaxText.Of(syntax));
        if (key >= 0) return new NameSyntax(syntax.At, KeyName(key));
        switch (syntax)
        {
            case NumberSyntax or StringSyntax or WordSyntax:
                return syntax;
            case CallSyntax call:
                return Call(call);
            case NameSyntax name:
                throw Neither(name.At, name.Name);
            case MemberSyntax member:
                return IsPath(member, out var path) && !HasKeyIn(member) ? throw Neither(RootOf(member).At, path) : member with { Of = Rewrite(member.Of) };
            case IndexSyntax index:
                return new IndexSyntax(index.At, Rewrite(index.Of), Rewrite(index.Index));
            case UnarySyntax unary:
                return new UnarySyntax(unary.At, unary.Operator, Rewrite(unary.Operand));
            case BinarySyntax binary:
                return new BinarySyntax(binary.At, binary.Operator, Rewrite(binary.Left), Rewrite(binary.Right));
            case CastSyntax cast:
                return new CastSyntax(cast.At, Rewrite(cast.Operand), cast.Type, cast.TypeAt);
            case ArraySyntax array:
                return new ArraySyntax(array.At, [.. array.Items.Select(Rewrite)]);
            case ObjectSyntax json:
                return new ObjectSyntax(json.At, [.. json.Members.Select(m => (m.Name, Rewrite(m.Value)))]);
            case CaseSyntax choice:
                return new CaseSyntax(
                    choice.At, Rewrite(choice.Subject), [.. choice.Choices.Select(c => (Rewrite(c.Value), Rewrite(c.Result)))], choice.Else is null ? null : Rewrite(choice.Else));
            case VariableSyntax variable:
                throw Neither(variable.At, "@" + variable.Name);
            case DistinctSyntax distinct:
                throw new SyntaxException(distinct.At, "DISTINCT can stand in count(distinct x) only");
            default:
                throw new SyntaxException(syntax.At, "this is of one message, and a window has many: group by it, or put it into an aggregate, such as first() or max()");
        }
    }

    private Syntax.Syntax Call(CallSyntax call)
    {
        if (WindowSpan.Is(call)) throw new SyntaxException(call.At, $"{call.Name}() belongs behind GROUP BY; window_start() and window_end() tell of a row's window");
        if (Aggregate.IsName(call.Name)) return AggregateOf(call);
        if (Bound(call.Name) is { } bound)
        {
            return call.Arguments.Count == 0
                ? new NameSyntax(call.At, bound)
                : throw new SyntaxException(call.At, $"{call.Name}() takes no argument, not {call.Arguments.Count}");
        }

        if (OfOneMessage.Contains(call.Name, StringComparer.OrdinalIgnoreCase))
            throw new SyntaxException(call.At, $"{call.Name}() is of one message, and a window has many: group by it, or take first({call.Name}())");
        return new CallSyntax(call.At, call.Name, [.. call.Arguments.Select(Rewrite)]);
    }

    private NameSyntax AggregateOf(CallSyntax call)
    {
        var kind = Aggregate.Check(call);
        var argument = -1;
        if (kind != AggregateKind.CountAll)
        {
            var of = call.Arguments[0] is DistinctSyntax distinct ? distinct.Operand : call.Arguments[0];
            NoAggregate(of, "aggregates cannot stand in each other");
            argument = ArgumentOf(Aggregate.IsOfNumbers(kind) ? new CastSyntax(of.At, of, "Decimal", of.At) : of);
        }

        var text = $"{kind} {argument}";
        var at = _aggregateTexts.IndexOf(text);
        if (at < 0)
        {
            if (_aggregates.Count == MaxAggregates) throw new SyntaxException(call.At, $"a statement cannot have more than {MaxAggregates} aggregates");
            at = _aggregates.Count;
            _aggregates.Add(new Aggregate(kind, argument));
            _aggregateTexts.Add(text);
        }

        return new NameSyntax(call.At, ArgumentName(at));
    }

    private int ArgumentOf(Syntax.Syntax argument)
    {
        var text = SyntaxText.Of(argument);
        var at = _argumentTexts.IndexOf(text);
        if (at >= 0) return at;
        _arguments.Add(argument);
        _argumentTexts.Add(text);
        return _arguments.Count - 1;
    }

    private bool HasKeyIn(Syntax.Syntax path) => _keyTexts.Contains(SyntaxText.Of(path)) || (path is MemberSyntax member && HasKeyIn(member.Of));

    private static bool IsPath(MemberSyntax member, out string path)
    {
        path = member.Name;
        var step = member.Of;
        for (; step is MemberSyntax inner; step = inner.Of) path = $"{inner.Name}.{path}";
        if (step is not NameSyntax root) return false;
        path = $"{root.Name}.{path}";
        return true;
    }

    private static Syntax.Syntax RootOf(MemberSyntax member)
    {
        var of = member.Of;
        while (of is MemberSyntax step) of = step.Of;
        return of;
    }

    /// <summary>Looks for an aggregate by compiling none: calls of these names exist nowhere else.</summary>
    private static void NoAggregate(Syntax.Syntax syntax, string why)
    {
        if (SyntaxWalk.Find(syntax, static part => part is CallSyntax call && (Aggregate.IsName(call.Name) || WindowSpan.Is(call) || Bound(call.Name) is not null)) is CallSyntax found)
            throw new SyntaxException(found.At, $"{found.Name}() cannot stand here: {why}");
    }

    private static string? Bound(string name) => name.ToUpperInvariant() switch
    {
        "WINDOW_START" => WindowStart,
        "WINDOW_END" => WindowEnd,
        _ => null,
    };

    private static SyntaxException Neither(int at, string name) => new(
        at, $"{name} is neither a group key nor in an aggregate: a window has many of it. Add it to GROUP BY, or take first({name}), last({name}), max({name})");

    private static Syntax.Syntax Path(string field, int at)
    {
        var steps = field.Split('.');
        return steps.Skip(1).Aggregate((Syntax.Syntax)new NameSyntax(at, steps[0]), (of, step) => new MemberSyntax(at, of, step));
    }

    private static string? NameOf(Syntax.Syntax expression) => expression switch
    {
        NameSyntax name => name.Name,
        MemberSyntax member => member.Name,
        CallSyntax call => call.Name,
        CastSyntax => "cast",
        _ => null,
    };

    /// <summary>What the state of windows depends on: where it differs, state of one statement is none for the other.</summary>
    private string Layout(WindowSpan span) =>
        $"{span.Kind} {span.SizeNs} {span.StepNs}|{string.Join('|', _keyTexts)}|{string.Join('|', _aggregateTexts)}|{string.Join('|', _argumentTexts)}";
}
