using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Flows.Steps;
using Millrace.Sql.Payload;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class StepTests
{
    private const long ArrivalNs = 1_609_757_175_000_000_000; // 2021-01-04 10:46:15 UTC

    [Fact]
    public void An_event_becomes_one_record_a_measure()
    {
        var (records, refusals) = Apply(
            new SplitMeasuresStep(new SplitMeasuresOptions()),
            """{"Time":1609757175225.499,"DeviceID":"d","temperature_measure":11.2,"state_measure":"on"}""");
        Assert.Empty(refusals);
        Assert.Equal(
            [
                """{"Time":1609757175225.499,"DeviceID":"d","measure_name":"temperature_measure","measure_value":11.2}""",
                """{"Time":1609757175225.499,"DeviceID":"d","measure_name":"state_measure","measure_value":"on"}""",
            ],
            records);
    }

    [Theory]
    [InlineData("""{"Time":1}""", "no field's name ends in '_measure'")]
    [InlineData("[1]", "JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("", "not JSON")]
    public void An_event_without_measures_is_refused(string payload, string reason)
    {
        var (records, refusals) = Apply(new SplitMeasuresStep(new SplitMeasuresOptions()), payload);
        Assert.Empty(records);
        Assert.Contains(reason, Assert.Single(refusals).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Time":1609757175225.499}""", """{"Time":1609757175225.499}""")] // now
    [InlineData("""{"Time":1609758075000}""", """{"Time":1609758075000}""")] // 15 minutes ahead, not more
    [InlineData("""{"a":1,"Time":1609758075001,"b":2}""", """{"a":1,"Time":1609757175000,"b":2}""")]
    [InlineData("""{"Time":"2021-01-04 11:46:15.000000000"}""", """{"Time":"2021-01-04 10:46:15.000000000"}""")]
    [InlineData("""{"Time":0}""", """{"Time":0}""")] // late, and true
    public void A_clock_too_far_ahead_is_corrected_to_the_arrival(string payload, string expected)
    {
        var (records, refusals) = Apply(new CorrectTimeStep(new CorrectTimeOptions { Field = "Time" }), payload);
        Assert.Empty(refusals);
        Assert.Equal(expected, Assert.Single(records));
    }

    [Theory]
    [InlineData("""{"Time":"soon"}""")]
    [InlineData("""{"Time":true}""")]
    [InlineData("""{"Time":null}""")]
    [InlineData("""{"time":1}""")]
    [InlineData("""{"Time":1e400}""")]
    [InlineData("nonsense")]
    public void A_time_that_cannot_be_read_is_refused(string payload)
    {
        var (records, refusals) = Apply(new CorrectTimeStep(new CorrectTimeOptions { Field = "Time" }), payload);
        Assert.Empty(records);
        Assert.Equal(Fault.Unreadable, Assert.Single(refusals).Fault);
    }

    [Fact]
    public void Units_count_nanoseconds() => Assert.Equal(1_000_000, (int)TimeUnit.Milliseconds);

    private static (IReadOnlyList<string> Records, IReadOnlyList<Refusal> Refusals) Apply(IStep step, params string[] payloads)
    {
        using var source = new RecordBatch();
        using var target = new RecordBatch();
        var outcomes = new Outcomes();
        foreach (var payload in payloads)
            source.Add(new Record { Topic = "dt/homes/d/measures"u8, Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = ArrivalNs });
        target.ClearFor(source);
        step.Apply(source, target, outcomes);
        return ([.. Enumerable.Range(0, target.Count).Select(i => Encoding.UTF8.GetString(target[i].Payload))], outcomes.Refusals);
    }
}
