using System.Buffers;
using System.Text;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>What a nested SELECT lists, made into an object of an element. <c>*</c> alone is the element itself, whatever it is.</summary>
internal sealed class ElementProjection(SelectedItems items)
{
    private readonly byte[][] _before = [.. items.Before.Select(static m => Encoding.UTF8.GetBytes(m.Name))];
    private readonly byte[][] _after = [.. items.After.Select(static m => Encoding.UTF8.GetBytes(m.Name))];

    public void Write(scoped in Evaluation e, Value element, TextBuffer output)
    {
        if (items.IsStarAlone)
        {
            if (e.Context.HasRoom(element.Bytes.Length)) Conversions.WriteItem(e, element, output);
            return;
        }

        output.Write("{"u8);
        var start = output.Length;
        for (var i = 0; i < items.Before.Count; i++)
            if (!items.HasStar || MemberAccess.Find(e, element, _before[i]).IsUndefined) items.Before[i].TryWrite(e, output, output.Length == start);
        if (items.HasStar && element.Kind == ValueKind.Object) WriteMembers(e, element, output, start);
        else WriteAfter(e, output, start, []);
        output.Write("}"u8);
    }

    private void WriteMembers(scoped in Evaluation e, Value element, TextBuffer output, int start)
    {
        // Items behind the star first, because where one of them is Undefined the element's member of its name stays.
        var behind = e.Context.TakeText();
        Span<bool> written = stackalloc bool[items.After.Count];
        WriteAfter(e, behind, 0, written);
        var walk = new JsonWalk(element);
        while (walk.Next())
        {
            if (IsReplaced(e, walk.Name, written)) continue;
            if (!e.Context.HasRoom(walk.Raw.Length + walk.Name.Bytes.Length)) return;
            if (output.Length > start) output.Write(","u8);
            walk.Name.WriteJson(output);
            output.Write(":"u8);
            walk.Current.WriteJson(output);
        }

        if (behind.Length == 0) return;
        if (output.Length > start) output.Write(","u8);
        output.Write(behind.Written);
    }

    private void WriteAfter(scoped in Evaluation e, TextBuffer output, int start, scoped Span<bool> written)
    {
        for (var i = 0; i < items.After.Count; i++)
        {
            var done = items.After[i].TryWrite(e, output, output.Length == start);
            if (!written.IsEmpty) written[i] = done;
        }
    }

    private bool IsReplaced(scoped in Evaluation e, Value name, scoped ReadOnlySpan<bool> written)
    {
        var mark = e.Context.Mark();
        var text = Conversions.Text(e, name);
        var replaced = false;
        for (var i = 0; i < written.Length && !replaced; i++) replaced = written[i] && text.SequenceEqual(_after[i]);
        e.Context.Release(mark);
        return replaced;
    }
}
