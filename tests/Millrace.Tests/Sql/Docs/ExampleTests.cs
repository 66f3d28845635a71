using System.Text;
using System.Text.RegularExpressions;
using Millrace.Server.Cli.Rules;
using Millrace.Server.Pipeline;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql.Docs;

/// <summary>What the pages show is what happens.</summary>
public sealed partial class ExampleTests
{
    private static readonly string[] PagesOfSql = ["docs/sql.md", "docs/rules.md", "docs/windows.md", "docs/pipeline.md"];

    [Fact]
    public void Every_rule_in_the_docs_does_what_it_says() => Assert.Empty(
        from block in FencedBlock.OfAll("rule")
        let mistake = new RuleExample(block.Text).Mistake()
        where mistake is not null
        select $"{block.Place}: {mistake}");

    /// <summary>A whole statement begins with SELECT or SET and has a topic filter in quotes; others are queries, or pieces.</summary>
    [Fact]
    public void Every_whole_statement_in_the_docs_compiles() => Assert.Empty(
        from block in FencedBlock.OfAll("sql")
        where PagesOfSql.Contains(block.Page) && WholeStatement().IsMatch(block.Text)
        let error = Compile(block.Text)
        where error is not null
        select $"{block.Place}: {error}");

    /// <summary>A whole pipeline names its parts at the left edge and leaves nothing out (no <c>…</c>).</summary>
    [Fact]
    public void Every_whole_pipeline_in_the_docs_is_read() => Assert.Empty(
        from block in FencedBlock.OfAll("yaml")
        where PagesOfSql.Contains(block.Page) && WholePipeline().IsMatch(block.Text) && !block.Text.Contains('…', StringComparison.Ordinal)
        let problems = Read(block.Text)
        where problems.Length > 0
        select $"{block.Place}: {problems}");

    [Theory]
    [InlineData("SELECT a FROM 'b'\nin: {\"a\":1}\nout: {\"a\":1}", null)]
    [InlineData("SELECT a FROM 'b'\nin: {\"a\":1}\nout: {\"a\":2}", "gives out: {\"a\":1}")]
    [InlineData("SELECT a\nFROM 'b'\n  WHERE a > 1\nin:\n{\"a\":\n1}\nfires: false", null)]
    [InlineData("SELECT a FROM 'b'\ntopic: c\nout: {}", "gives fires: false")]
    [InlineData("SELECT topic() FROM 'b/+/#'\nout: {\"topic\":\"b/a/a\"}", null)]
    [InlineData("SELECT * FROM 'b'\nin-base64: aGk=\nout: hi", null)]
    [InlineData("SELECT a FROM 'b'\nin: {\nerror: not JSON", null)]
    [InlineData("SELECT uper(a) FROM 'b'\nerror: 1:8", null)]
    [InlineData("SELECT uper(a) FROM 'b'\nout: {}", "gives error: 1:8")]
    [InlineData("SELECT (SELECT a FROM b) AS c FROM 'b'\nversion: 2015-10-08\nerror: 2016-03-23", null)]
    public void An_example_is_judged(string text, string? mistake)
    {
        var told = new RuleExample(text).Mistake();
        if (mistake is null) Assert.Null(told);
        else Assert.Contains(mistake, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT a FROM 'b'\nin: {}")]
    [InlineData("SELECT a FROM 'b'\nfires: true")]
    [InlineData("SELECT a FROM 'b'\nout: 1\nout: 2")]
    public void An_example_that_says_nothing_is_none(string text) => Assert.Throws<FormatException>(() => new RuleExample(text));

    private static SqlError? Compile(string sql)
    {
        var everything = """{"functions":{"f":{}},"shadows":{},"things":{},"documents":{},"secrets":{},"descriptors":{}}"""u8.ToArray();
        RuleSql.TryCompile(sql, RuleSqlOptions.Default with { Lookups = FileLookups.Read(everything, "") }, out _, out var error);
        return error;
    }

    private static string Read(string yaml)
    {
        PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out _, out var problems);
        return string.Join("; ", problems);
    }

    [GeneratedRegex(@"\A\s*(SELECT|SET)\b.*\bFROM\s+['""]", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex WholeStatement();

    [GeneratedRegex(@"^(tables|streams|flows|fleets|rules|collections|destinations):", RegexOptions.Multiline)]
    private static partial Regex WholePipeline();
}
