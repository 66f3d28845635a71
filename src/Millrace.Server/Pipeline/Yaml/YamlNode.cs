namespace Millrace.Server.Pipeline.Yaml;

/// <summary>A part of a YAML file that knows where it stands: line and column from 1, index from 0.</summary>
internal abstract record YamlNode(int Line, int Column, int Index);

internal sealed record ScalarNode(string Text, ScalarForm Form, int Line, int Column, int Index) : YamlNode(Line, Column, Index)
{
    public bool IsNothing => Form == ScalarForm.Plain && Text is "" or "~" or "null";
}

internal sealed record ListNode(IReadOnlyList<YamlNode> Items, int Line, int Column, int Index) : YamlNode(Line, Column, Index);

internal sealed record MapNode(IReadOnlyList<MapEntry> Entries, int Line, int Column, int Index) : YamlNode(Line, Column, Index);

internal sealed record MapEntry(ScalarNode Key, YamlNode Value);

internal enum ScalarForm
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}
