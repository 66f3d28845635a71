using System.Buffers;
using Millrace.Contracts;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Lookups;

/// <summary>Functions that call others: <c>aws_lambda()</c>.</summary>
internal static class CallFunctions
{
    /// <summary>What the function answers to the value as JSON. A call that fails, or answers something else than JSON, fails the statement.</summary>
    public static Value Lambda(Expression[] arguments, scoped in Evaluation e)
    {
        if (!LookupFunctions.TryString(arguments, 0, e, out var function)) return Value.Undefined;
        var input = arguments[1].Evaluate(e);
        if (input.IsUndefined || e.Context.Failed || !e.Context.HasRoom(input.Bytes.Length)) return Value.Undefined;

        // The function may keep what it was given, for longer than this message's memory is there.
        var json = new ArrayBufferWriter<byte>(Math.Max(64, input.Bytes.Length));
        input.WriteJson(json);
        try
        {
            return LookupFunctions.Answer(e, e.Options.Lookups?.Call(function, json.WrittenMemory), $"what the function '{function}' answers");
        }
        catch (FaultException fault)
        {
            return LookupFunctions.Fail(e, $"aws_lambda(): {fault.Message}");
        }
    }

    public static FunctionBody BindLambda(FunctionCall call)
    {
        if (call.Text(0) is { } function && call.Options.Lookups is { } lookups && !lookups.HasFunction(function))
            throw call.Refuse(0, $"there is no function '{function}' to call here");
        return call.Function.Body;
    }

    public static FunctionBody RefusePredict(FunctionCall call) =>
        throw call.Refuse("machinelearning_predict() asks Amazon Machine Learning, which is closed");
}
