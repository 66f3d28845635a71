using System.Text;
using Millrace.Contracts.Rules;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary><c>decode(v, 'proto', bucket, key, file, message)</c>: a message of Protocol Buffers, in base64, as the JSON that its schema makes of it.</summary>
internal static class ProtoFunction
{
    private const int Arity = 6;
    private const char Between = '\0';

    // Of AWS's largest message many times over; what is read of it takes a multiple in memory.
    private const int MaxLength = 1024 * 1024;

    /// <summary>Schemas named by constants are read once and checked at once; others are looked for among the last ones.</summary>
    public static FunctionBody Bind(FunctionCall call)
    {
        if (call.Count != Arity)
            throw call.Refuse($"decode() of 'proto' takes 6 arguments (value, 'proto', bucket, key, proto file, message type), not {call.Count}");
        if (call.Options.Lookups is not { } lookups)
            throw call.Refuse("decode() of 'proto' needs a registered schema, and there is none to look at here");
        if (call.Text(2) is not { } bucket || call.Text(3) is not { } key || call.Text(4) is not { } file || call.Text(5) is not { } type)
            return ByMessage;
        if (lookups.DescriptorSet(bucket, key) is { Length: 0 }) return ByMessage;
        var message = Read(lookups, bucket, key, file, type, out var problem) ?? throw call.Refuse(3, problem);
        return (arguments, scoped in e) => Decode(arguments, e, message);
    }

    private static Value ByMessage(Expression[] arguments, scoped in Evaluation e)
    {
        if (e.Options.Lookups is not { } lookups || !Arguments.TryText(arguments, 1, e, out var encoding) || !encoding.SequenceEqual("proto"u8)) return Value.Undefined;
        var name = e.Context.TakeText();
        for (var i = 2; i < Arity; i++)
        {
            if (!Arguments.TryText(arguments, i, e, out var part) || !e.Context.HasRoom(part.Length + 1)) return Value.Undefined;
            part.CopyTo(name.GetSpan(part.Length + 1));
            name.GetSpan(part.Length + 1)[part.Length] = (byte)Between;
            name.Advance(part.Length + 1);
        }

        var message = e.Context.Memory.Messages.Get(name.Written, names =>
        {
            var parts = names.Split(Between);
            return parts.Length == Arity - 1 ? Read(lookups, parts[0], parts[1], parts[2], parts[3], out _) : null;
        });
        return message is null ? Value.Undefined : Decode(arguments, e, message);
    }

    private static ProtoMessage? Read(ILookups lookups, string bucket, string key, string file, string type, out string problem)
    {
        if (lookups.DescriptorSet(bucket, key) is not { } bytes)
        {
            problem = $"there is no descriptor set '{key}' in '{bucket}'";
            return null;
        }

        if (DescriptorSet.TryRead(bytes, out problem) is not { } set) return null;
        if (set.Find(file, type) is { } message) return message;
        problem = $"the descriptor set '{key}' has no message '{type}' in a file '{file}'";
        return null;
    }

    /// <summary>Null where it is no base64, or no such message.</summary>
    private static Value Decode(Expression[] arguments, scoped in Evaluation e, ProtoMessage message)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text)) return Value.Undefined;
        if (Base64Text.TryDecode(e, text, out var bytes))
        {
            if (bytes.Length > MaxLength)
            {
                e.Context.Fail($"decode() reads messages of 'proto' up to {MaxLength / 1024} KiB, not of {bytes.Length} bytes");
                return Value.Undefined;
            }

            var output = e.Context.TakeText();
            if (new ProtoJson(e.Context, output).TryWrite(message, bytes) && JsonValue.TryRead(output.Written, out var value)) return value;
        }

        return e.Context.Failed ? Value.Undefined : Value.Null;
    }
}
