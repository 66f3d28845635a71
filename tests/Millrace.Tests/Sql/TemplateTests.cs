using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql;

public class TemplateTests
{
    [Theory]
    [InlineData("cmd/cars/${vin}/stop", "cmd/cars/1NXBR32E84Z995078/stop")]
    [InlineData("${topic(3)}", "V1")]
    [InlineData("${topic()}/republish", "dt/cars/V1")]
    [InlineData("no expression", "no expression")]
    [InlineData("", "")]
    [InlineData("$ {x} $$ } {", "$ {x} $$ } {")]
    [InlineData("${'}' + upper(name)}-${value * 2}", "}SPEED-94.8")]
    [InlineData("${ get({'a': {'b': 1}}, 'a').b }", "1")]
    [InlineData("${[1, 'x']}", "[1,\"x\"]")]
    [InlineData("${timestamp()}", "1700000000123")]
    public void Expressions_are_replaced_by_their_text(string text, string expected)
    {
        expected = text.EndsWith("republish", StringComparison.Ordinal) ? expected + "/republish" : expected;
        Assert.Equal(expected, Render(text, Rule.Speed, out _));
    }

    [Theory]
    [InlineData("a/${missing}", "${missing}")]
    [InlineData("a/${NULL}", "${NULL}")]
    public void What_has_no_text_is_an_error_with_its_expression(string text, string expression)
    {
        Assert.Null(Render(text, Rule.Speed, out var reason));
        Assert.Contains(expression, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/${missing}/b", "a//b")]
    [InlineData("${NULL}${1/0}", "")]
    [InlineData("${name}", "speed")]
    public void What_has_no_text_is_empty_where_a_text_is_not_required(string text, string expected) =>
        Assert.Equal(expected, Render(text, Rule.Speed, out _, required: false));

    [Fact]
    public void Variables_of_the_rule_are_seen_and_others_are_refused()
    {
        var rule = Rule.Compile("SET @site = topic(2), @key = @site + '-' + vin SELECT * FROM '#'").TemplateOptions;
        Assert.Equal("keys/cars-1NXBR32E84Z995078", Render("keys/${@key}", Rule.Speed, out _, options: rule));
        Assert.Equal("cars", Render("${@site}", "no JSON", out _, options: rule));
        Assert.Null(Render("${@key}", "no JSON", out _, options: rule));
        Assert.False(Template.TryCompile("${@kay}", rule, out _, out var error));
        Assert.Contains("did you mean @key?", error.Message, StringComparison.Ordinal);
        Assert.False(Template.TryCompile("${@key}", out _, out error));
        Assert.Equal(3, error.Column);
    }

    [Theory]
    [InlineData("cars/${vin}/${@any.thing}", "cars/x/x")]
    [InlineData("$$aws/${'}'}", "$$aws/x")]
    [InlineData("${\"it's\"}-${{'a': 1}}", "x-x")]
    [InlineData("plain", "plain")]
    public void A_sample_has_something_for_each_expression(string text, string expected)
    {
        Assert.True(Template.TryCompile(text, RuleSqlOptions.Default.WithAnyVariable(), out var template, out _));
        Assert.Equal(expected, template.Sample("x"));
    }

    [Theory]
    [InlineData("${CASE name WHEN 'speed' THEN 'fast' ELSE 'slow' END}", "fast")]
    [InlineData("${get((SELECT VALUE x FROM [name] AS x), 0)}", null)]
    [InlineData("$${name}", "$speed")]
    [InlineData("$$aws/things/${name}", "$$aws/things/speed")]
    public void The_whole_language_may_stand_in_one(string text, string? expected)
    {
        if (expected is null) Assert.False(Template.TryCompile(text, out _, out _));
        else Assert.Equal(expected, Render(text, Rule.Speed, out _));
    }

    [Fact]
    public void A_name_in_a_payload_that_is_not_JSON_is_an_error_with_the_byte()
    {
        Assert.Null(Render("${vin}", "{\"vin\":", out var reason));
        Assert.Contains("byte 7", reason, StringComparison.Ordinal);
        Assert.Equal("V1", Render("${topic(3)}", "{\"vin\":", out _));
    }

    [Theory]
    [InlineData("a/${", 5)]
    [InlineData("a/${}", 5)]
    [InlineData("a/${vin", 8)]
    [InlineData("a/${vin vin}", 9)]
    [InlineData("a/${uper(vin)}", 5)]
    [InlineData("a/${*}", 5)]
    public void A_mistake_is_named_where_it_stands(string text, int column)
    {
        Assert.False(Template.TryCompile(text, out _, out var error));
        Assert.Equal((1, column), (error.Line, error.Column));
    }

    private static string? Render(string text, string payload, out string reason, bool required = true, RuleSqlOptions? options = null)
    {
        Assert.True(Template.TryCompile(text, options ?? RuleSqlOptions.Default, out var template, out var error), $"{error}");
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>();
        var record = new Record { Topic = "dt/cars/V1"u8, Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = 1_700_000_000_123_456_789 };
        var rendered = template.TryRender(record, context, output, required);
        reason = rendered ? "" : context.Reason;
        return rendered ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }
}
