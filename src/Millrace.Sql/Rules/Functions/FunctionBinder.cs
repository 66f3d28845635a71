using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Finds the function of a call and refuses what can never work, where it stands.</summary>
internal static class FunctionBinder
{
    public static (Function Function, FunctionBody Body) Bind(CallSyntax call, RuleSqlOptions options, FunctionUsage usage)
    {
        var function = FunctionList.Find(call.Name) ?? throw new SyntaxException(call.At, FunctionNames.Missing(call.Name));
        if (options.Version == SqlVersion.V2015 && function.Since == SqlVersion.V2016)
            throw new SyntaxException(call.At, $"{function.Name}() is part of version 2016-03-23: this statement is of 2015-10-08");
        if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most)
            throw new SyntaxException(call.At, $"{function.Name}() {function.Arity}, not {call.Arguments.Count}");
        if (function.IsExternal && options.ErrorAction)
            throw new SyntaxException(call.At, $"{function.Name}() looks outside of the message, which an error action must not: it has to work when that failed");
        var body = function.Bind?.Invoke(new FunctionCall(function, call, options, usage)) ?? function.Body;
        if (function.IsExternal && options.Lookups is null)
            throw new SyntaxException(call.At, $"{function.Name}() looks outside of the message, and there is nothing here to look at");
        return (function, body);
    }
}
