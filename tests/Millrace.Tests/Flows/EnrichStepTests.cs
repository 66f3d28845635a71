using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Flows.Steps;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class EnrichStepTests
{
    private const string Known = """{"vin":"V1","model":"Transit","o":{"x":"q\"","y":[1]},"v":0}""";
    private static readonly EnrichOptions All = new() { From = new EnrichCollection("cars"), With = "vin" };

    [Fact]
    public void All_that_is_known_is_added_and_counts_before_what_the_record_says() =>
        Assert.Equal("""{"a":1,"vin":"V1","model":"Transit","o":{"x":"q\"","y":[1]},"v":0}""", Apply(All, """{"v":7,"a":1,"vin":"V1"}"""));

    [Fact]
    public void Some_fields_are_added_under_the_last_of_their_names() =>
        Assert.Equal(
            """{"vin":"V1","v":7,"model":"Transit","x":"q\"","y":[1]}""", Apply(All with { Fields = ["model", "o.x", "o.y", "o.z"] }, """{"vin":"V1","v":7,"x":1}"""));

    [Fact]
    public void Into_a_field_all_goes_as_an_object() =>
        Assert.Equal("""{"vin":"V1","v":7,"car":{"model":"Transit"}}""", Apply(All with { Fields = ["model"], Into = "car" }, """{"vin":"V1","car":"mine","v":7}"""));

    [Theory]
    [InlineData("""{"vin":"V2","v":7}""")]
    [InlineData("""{"v":7}""")]
    [InlineData("""{"vin":{"a":1}}""")]
    public void What_is_not_known_passes_as_it_is_or_is_refused(string payload)
    {
        Assert.Equal(payload, Apply(All, payload));
        Assert.Null(Apply(All with { RefuseMissing = true }, payload, Fault.Refused));
    }

    [Fact]
    public void The_key_may_be_a_template_over_the_record() =>
        Assert.Equal("""{"n":1,"vin":"V1","model":"Transit","o":{"x":"q\"","y":[1]},"v":0}""", Apply(All with { With = "V${n}" }, """{"n":1}"""));

    [Fact]
    public void A_key_without_end_finds_nothing() => Assert.Null(Apply(All with { RefuseMissing = true }, $$"""{"vin":"{{new string('V', 2000)}}"}""", Fault.Refused));

    [Fact]
    public void What_is_no_object_is_refused() => Assert.Null(Apply(All, "[1]", Fault.Unreadable));

    /// <summary>The record behind the step; null where it is refused for that fault.</summary>
    private static string? Apply(EnrichOptions options, string payload, Fault? refused = null)
    {
        Template? template = null;
        if (options.IsTemplate) Assert.True(Template.TryCompile(options.With, out template, out _));
        var step = new EnrichStep(options, static key => key.SequenceEqual("V1"u8) ? Encoding.UTF8.GetBytes(Known) : null, template, new RuleContext(TimeProvider.System));
        using var source = new RecordBatch();
        using var target = new RecordBatch();
        source.Add(new Record { Topic = "t"u8, Payload = Encoding.UTF8.GetBytes(payload) });
        target.ClearFor(source);
        var outcomes = new Outcomes();
        step.Apply(source, target, outcomes);
        if (refused is not null)
        {
            Assert.Equal(refused, Assert.Single(outcomes.Refusals).Fault);
            Assert.Equal(0, target.Count);
            return null;
        }

        Assert.Empty(outcomes.Refusals);
        return Encoding.UTF8.GetString(target[0].Payload);
    }
}
