using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary><c>encode()</c> and <c>decode()</c>. An encoding that comes with the message and that there is not makes them Undefined.</summary>
internal static class CodingFunctions
{
    public static Value Encode(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) && Arguments.TryText(arguments, 1, e, out var encoding) && encoding.SequenceEqual("base64"u8)
            ? Base64Text.Encode(e, text)
            : Value.Undefined;

    /// <summary>Null where the text is no base64.</summary>
    public static Value Decode(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text) || !Arguments.TryText(arguments, 1, e, out var encoding)) return Value.Undefined;
        if (!encoding.SequenceEqual("base64"u8)) return Value.Undefined;
        if (Base64Text.TryDecode(e, text, out var bytes)) return Base64Text.Read(bytes);
        return e.Context.Failed ? Value.Undefined : Value.Null;
    }

    public static FunctionBody BindEncode(FunctionCall call) => call.Text(1) is null or "base64"
        ? call.Function.Body
        : throw call.Refuse(1, $"encode() knows no encoding '{call.Text(1)}': write 'base64'");

    public static FunctionBody BindDecode(FunctionCall call)
    {
        if (call.Text(1) == "proto" || call.Count > 2) return Proto.ProtoFunction.Bind(call);
        return call.Text(1) is null or "base64"
            ? call.Function.Body
            : throw call.Refuse(1, $"decode() knows no encoding '{call.Text(1)}': write 'base64' or 'proto'");
    }
}
