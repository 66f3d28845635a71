using System.Buffers;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules;

/// <summary>What SELECT lists, made into one JSON object, in the order it was selected.</summary>
/// <remarks>
/// Of two items with one name the later counts. <c>*</c> stands for all members of the payload, each as it is there, byte for byte.
/// </remarks>
internal sealed class Projection : IProjection
{
    private readonly List<OutputMember> _before;
    private readonly List<OutputMember> _after;
    private readonly bool _star;

    // The payload's own members of the names that are selected beside the star.
    private readonly int[] _hidden;
    private readonly int[] _replaced;

    public Projection(SelectedItems items, FieldSet fields)
    {
        _before = items.Before;
        _after = items.After;
        _star = items.HasStar;
        fields.KeepsMembers = _star;
        _hidden = _star ? [.. _before.Select(m => fields.Add(m.Name))] : [];
        _replaced = _star ? [.. _after.Select(m => fields.Add(m.Name))] : [];
    }

    public TextBuffer Make(scoped in Evaluation e)
    {
        var text = e.Context.TakeText();
        text.Write("{"u8);
        var first = true;
        for (var i = 0; i < _before.Count; i++)
            if ((!_star || e.Fields[_hidden[i]].Kind == FieldKind.Missing) && _before[i].TryWrite(e, text, first)) first = false;

        if (_star)
        {
            var behind = e.Context.TakeText();
            Span<bool> replaced = stackalloc bool[_after.Count];
            var replaces = WriteBehind(e, behind, replaced);
            if (WriteMembers(e, text, first, replaces ? replaced : default)) first = false;
            if (behind.Length > 0)
            {
                if (!first) text.Write(","u8);
                text.Write(behind.Written);
            }
        }

        text.Write("}"u8);
        return text;
    }

    /// <summary>Items behind the star first, because where one of them is Undefined the payload's member of its name stays.</summary>
    private bool WriteBehind(scoped in Evaluation e, TextBuffer behind, scoped Span<bool> replaced)
    {
        var any = false;
        for (var i = 0; i < _after.Count; i++)
        {
            if (!_after[i].TryWrite(e, behind, behind.Length == 0)) continue;
            if (e.Fields[_replaced[i]].Kind == FieldKind.Missing) continue;
            replaced[i] = true;
            any = true;
        }

        return any;
    }

    private bool WriteMembers(scoped in Evaluation e, TextBuffer text, bool first, scoped ReadOnlySpan<bool> replaced)
    {
        var members = e.Fields.Members;
        if (members.Count == 0) return false;
        if (replaced.IsEmpty)
        {
            var all = e.Payload[members[0].Start..members[members.Count - 1].End];
            if (!e.Context.HasRoom(all.Length)) return false;
            if (!first) text.Write(","u8);
            text.Write(all);
            return true;
        }

        var any = false;
        foreach (var member in members)
        {
            if (IsReplaced(member.Field, replaced) || !e.Context.HasRoom(member.Raw.Length)) continue;
            if (any || !first) text.Write(","u8);
            text.Write(member.Raw);
            any = true;
        }

        return any;
    }

    private bool IsReplaced(int field, ReadOnlySpan<bool> replaced)
    {
        if (field < 0) return false;
        for (var i = 0; i < _after.Count; i++)
            if (replaced[i] && _replaced[i] == field) return true;
        return false;
    }
}
