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
    /// <summary>For an error: <c>takes 1 argument</c>.</summary>
    public string Arity => (Least, Most) switch
    {
        (0, 0) => "takes no argument",
        (1, 1) => "takes 1 argument",
        (_, int.MaxValue) => $"takes at least {Least} argument{(Least == 1 ? "" : "s")}",
        _ when Least == Most => $"takes {Least} arguments",
        _ => $"takes {Least} to {Most} arguments",
    };
}
