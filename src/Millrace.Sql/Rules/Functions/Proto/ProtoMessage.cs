namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>A type of messages. Not changed any more once its set is read.</summary>
internal sealed class ProtoMessage
{
    private Dictionary<int, int> _byNumber = [];

    /// <summary>With its package, without a dot before it.</summary>
    public required string FullName { get; init; }

    /// <summary>The file that declares it.</summary>
    public required string File { get; init; }

    /// <summary>By number, which is the order in which JSON has them.</summary>
    public ProtoField[] Fields { get; private set; } = [];

    public int Oneofs { get; set; }

    /// <summary>Whether it is what a map is made of: a key and a value.</summary>
    public bool IsMapEntry { get; set; }

    public void SetFields(IEnumerable<ProtoField> fields)
    {
        Fields = [.. fields.OrderBy(static f => f.Number)];
        _byNumber = [];
        for (var i = 0; i < Fields.Length; i++) _byNumber[Fields[i].Number] = i;
    }

    /// <summary>The place of a field in <see cref="Fields"/>; -1 where it is not known.</summary>
    public int IndexOf(int number) => _byNumber.GetValueOrDefault(number, -1);
}
