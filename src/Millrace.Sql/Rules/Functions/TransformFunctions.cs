using System.Buffers;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary><c>transform()</c>.</summary>
internal static class TransformFunctions
{
    /// <summary>The most bytes it makes, as AWS.</summary>
    private const int MaxLength = 128 * 1024;

    /// <summary>
    /// Each object of the array with the members of another object added; a name that both have keeps the array's value, and elements that are no objects
    /// stay as they are. Other modes are Undefined.
    /// </summary>
    public static Value Transform(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var mode) || !mode.SequenceEqual("enrichArray"u8)) return Value.Undefined;
        var added = arguments[1].Evaluate(e);
        var array = arguments[2].Evaluate(e);
        if (added.Kind != ValueKind.Object || array.Kind != ValueKind.Array) return Value.Undefined;
        var buffer = e.Context.TakeText();
        buffer.Write("["u8);
        var elements = new JsonWalk(array);
        while (elements.Next())
        {
            if (!HasRoom(e, buffer, elements.Current.Bytes.Length + 1)) return Value.Undefined;
            if (buffer.Length > 1) buffer.Write(","u8);
            var element = elements.Current;
            if (element.Kind != ValueKind.Object)
                element.WriteJson(buffer);
            else if (!TryMerge(e, buffer, element, added))
                return Value.Undefined;
        }

        if (!HasRoom(e, buffer, 1)) return Value.Undefined;
        buffer.Write("]"u8);
        return Value.OfArray(buffer.Written);
    }

    private static bool TryMerge(scoped in Evaluation e, TextBuffer buffer, Value element, Value added)
    {
        // The element's own members first, as they were written, without the closing brace.
        var own = element.Bytes[..^1];
        buffer.Write(own);
        var isFirst = own[1..].IndexOfAnyExcept(" \t\r\n"u8) < 0;
        var names = NamesOf(e, element);
        var members = new JsonWalk(added);
        while (members.Next())
        {
            var mark = e.Context.Mark();
            var isThere = Has(names, e, element, Conversions.Text(e, members.Name));
            e.Context.Release(mark);
            if (isThere) continue;
            if (!HasRoom(e, buffer, members.Name.Bytes.Length + members.Current.Bytes.Length + 6)) return false;
            if (!isFirst) buffer.Write(","u8);
            isFirst = false;
            members.Name.WriteJson(buffer);
            buffer.Write(":"u8);
            members.Current.WriteJson(buffer);
        }

        buffer.Write("}"u8);
        return true;
    }

    private static bool Has(HashSet<string>? names, scoped in Evaluation e, Value element, ReadOnlySpan<byte> name) =>
        names is null ? !MemberAccess.Find(e, element, name).IsUndefined : names.Contains(System.Text.Encoding.UTF8.GetString(name));

    /// <summary>The names of an object that has so many that looking through them for each other name would take long; else null.</summary>
    private static HashSet<string>? NamesOf(scoped in Evaluation e, Value element)
    {
        if (element.Bytes.Length < 1024) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var members = new JsonWalk(element);
        while (members.Next())
        {
            var mark = e.Context.Mark();
            names.Add(System.Text.Encoding.UTF8.GetString(Conversions.Text(e, members.Name)));
            e.Context.Release(mark);
        }

        return names;
    }

    private static bool HasRoom(scoped in Evaluation e, TextBuffer buffer, int more)
    {
        if (buffer.Length + more > MaxLength)
            e.Context.Fail($"transform() makes more than {MaxLength / 1024} KiB of this message");
        return !e.Context.Failed && e.Context.HasRoom(more);
    }
}
