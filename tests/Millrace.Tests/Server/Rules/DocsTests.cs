using System.Text;
using System.Text.RegularExpressions;
using Millrace.Server.Pipeline;
using Millrace.Server.Rules;
using Millrace.Tests.Tidy;

namespace Millrace.Tests.Server.Rules;

/// <summary>What docs/rules.md shows is what is taken.</summary>
public sealed partial class DocsTests
{
    private static readonly string Page = SourceTree.Read("docs/rules.md");

    [Fact]
    public void The_documents_of_the_page_are_rules()
    {
        var documents = Blocks("json");
        Assert.True(documents.Length >= 3, Page);
        var declared = RuleRig.Read("streams: { alarms: {} }\n" + Blocks("yaml").Single(static block => block.StartsWith("collections:", StringComparison.Ordinal)));
        foreach (var document in documents)
            Assert.True(RuleDocument.TryRead("it", Encoding.UTF8.GetBytes(document), declared, out _, out _, out var problems), string.Join('\n', problems) + "\n" + document);
    }

    [Fact]
    public void The_pipeline_files_of_the_page_are_pipeline_files()
    {
        foreach (var block in Blocks("yaml")) Assert.True(PipelineReader.TryRead(Encoding.UTF8.GetBytes(block), out _, out var problems), string.Join('\n', problems) + "\n" + block);
    }

    [Fact]
    public void Every_action_is_in_the_table_and_every_refused_one_too()
    {
        foreach (var action in ActionReader.OfAws.Keys.Concat(ActionReader.Refused.Keys)) Assert.Contains($"`{action}`", Page, StringComparison.Ordinal);
    }

    private static string[] Blocks(string language) =>
        [.. Fences().Matches(Page).Where(match => match.Groups[1].Value == language).Select(static match => match.Groups[2].Value)];

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
