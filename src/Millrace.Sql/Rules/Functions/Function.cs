using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Computes a call. Evaluates those arguments that it needs.</summary>
internal delegate Value FunctionBody(Expression[] arguments, scoped in Evaluation e);

/// <summary>A function of the language.</summary>
/// <param name="Name">As the reference writes it; statements may in any case.</param>
/// <param name="Least">The fewest arguments it takes.</param>
/// <param name="Most">The most arguments it takes.</param>
/// <param name="Body">What it does.</param>
internal sealed record Function(string Name, int Least, int Most, FunctionBody Body)
{
    /// <summary>A function that is only known when its call is: of what is constant there.</summary>
    public Function(string name, int least, int most, Func<FunctionCall, FunctionBody> bind)
        : this(name, least, most, static (_, scoped in _) => Value.Undefined) => Bind = bind;

    /// <summary>The first version of the language that has it.</summary>
    public SqlVersion Since { get; init; } = SqlVersion.V2015;

    /// <summary>Looks at what is constant in a call, once: refuses it, or answers with what the call is to do.</summary>
    public Func<FunctionCall, FunctionBody>? Bind { get; init; }

    /// <summary>Whether it asks something beside the message, which needs <see cref="RuleSqlOptions.Lookups"/> and is not for error actions.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Whether <c>*</c> as an argument is the payload's bytes, JSON or not.</summary>
    public bool TakesRawPayload { get; init; }

    /// <summary>For an error: <c>takes 1 argument</c>.</summary>
    public string Arity => (Least, Most) switch
    {
        (0, 0) => "takes no argument",
        (1, 1) => "takes 1 argument",
        (0, int.MaxValue) => "takes any number of arguments",
        (_, int.MaxValue) => $"takes at least {Least} argument{(Least == 1 ? "" : "s")}",
        _ when Least == Most => $"takes {Least} arguments",
        _ => $"takes {Least} to {Most} arguments",
    };
}
