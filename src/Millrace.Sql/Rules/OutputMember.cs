using System.Buffers;
using System.Text;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules.Expressions;

namespace Millrace.Sql.Rules;

/// <summary>One member of a rule's output: a value, or (from aliases with dots) an object of further members.</summary>
internal sealed class OutputMember
{
    private readonly byte[] _label;
    private readonly Expression? _value;
    private readonly List<OutputMember>? _inner;

    // The item of the same name before this one: it counts where this one is Undefined.
    private readonly OutputMember? _earlier;

    public OutputMember(string name, Expression? value, OutputMember? earlier)
    {
        Name = name;
        _value = value;
        _inner = value is null ? [] : null;
        _earlier = earlier;
        var label = new ArrayBufferWriter<byte>();
        JsonText.WriteQuoted(label, Encoding.UTF8.GetBytes(name));
        label.Write(":"u8);
        _label = label.WrittenSpan.ToArray();
    }

    public string Name { get; }

    /// <summary>Adds an item by the rest of its alias.</summary>
    public static void Add(List<OutputMember> members, ReadOnlySpan<string> alias, Expression value)
    {
        var name = alias[0];
        var place = members.FindIndex(m => m.Name == name);
        var known = place < 0 ? null : members[place];
        if (alias.Length > 1 && known?._inner is not null)
        {
            Add(known._inner, alias[1..], value);
            return;
        }

        // The later of two names stands where it was selected.
        if (known is not null) members.RemoveAt(place);
        var member = new OutputMember(name, alias.Length == 1 ? value : null, known);
        if (alias.Length > 1) Add(member._inner!, alias[1..], value);
        members.Add(member);
    }

    /// <summary>Writes name and value, behind a comma unless it is the first. False, with nothing written, where all are Undefined.</summary>
    public bool TryWrite(scoped in Evaluation e, TextBuffer output, bool first)
    {
        for (var member = this; member is not null; member = member._earlier)
            if (member._inner is null ? member.TryWriteValue(e, output, first) : member.TryWriteInner(e, output, first)) return true;
        return false;
    }

    private bool TryWriteValue(scoped in Evaluation e, TextBuffer output, bool first)
    {
        var value = _value!.Evaluate(e);
        if (value.IsUndefined || !e.Context.HasRoom(_label.Length + value.Bytes.Length)) return false;
        Open(output, first);
        Conversions.WriteItem(e, value, output);
        return true;
    }

    private bool TryWriteInner(scoped in Evaluation e, TextBuffer output, bool first)
    {
        var start = output.Length;
        Open(output, first);
        output.Write("{"u8);
        var empty = true;
        foreach (var member in _inner!)
            if (member.TryWrite(e, output, empty)) empty = false;
        output.Write("}"u8);
        if (empty) output.CutTo(start);
        return !empty;
    }

    private void Open(TextBuffer output, bool first)
    {
        if (!first) output.Write(","u8);
        output.Write(_label);
    }
}
