using System.Text;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Flows.Sinks;
using Millrace.Testing.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class PointMapperTests
{
    private readonly MemorySeries _series = new();
    private readonly PointBatch _points = new();

    [Fact]
    public void One_value_is_named_by_a_field_of_the_record() =>
        Assert.Equal("d.t [speed] vin='1' | value=3.5 @5", Mapped(Single, """{"vin":"1","name":"speed","value":3.5}"""));

    [Fact]
    public void A_dimension_that_is_missing_or_null_has_no_field() =>
        Assert.Equal("d.t [speed] | value=1 @5", Mapped(Single, """{"vin":null,"name":"speed","value":1}"""));

    [Fact]
    public void A_dimension_may_be_a_number_or_a_truth() =>
        Assert.Equal("d.t [speed] vin='17' | value=1 @5", Mapped(Single, """{"vin":17,"name":"speed","value":1}"""));

    [Theory]
    [InlineData("""{"vin":{},"name":"a","value":1}""", "field 'vin' is a dimension, and is an object")]
    [InlineData("""{"vin":[1],"name":"a","value":1}""", "field 'vin' is a dimension, and is an array")]
    [InlineData("""{"vin":"1","value":1}""", "field 'name' names the measure, and is missing")]
    [InlineData("""{"vin":"1","name":7,"value":1}""", "field 'name' names the measure, and is a number")]
    [InlineData("""{"vin":"1","name":"a"}""", "field 'value' is a measure, and is missing")]
    [InlineData("""{"vin":"1","name":"a","value":null}""", "field 'value' is a measure, and is null")]
    [InlineData("""{"vin":"1","name":"a","value":[1]}""", "field 'value' is a measure, and is an array")]
    [InlineData("""{"vin":"1","name":"a","value":1e999}""", "field 'value' is a measure, and 1e999 is too large for a double")]
    public void What_is_no_point_is_refused_by_the_name_of_its_field(string payload, string reason) => Assert.Equal(reason, Refused(Single, payload));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[1,2]")]
    [InlineData("""{"vin":"1","name":"a","value":""")]
    public void What_is_no_object_is_refused(string payload) => Assert.NotEmpty(Refused(Single, payload));

    [Fact]
    public void Values_are_numbers_texts_and_truths()
    {
        Assert.Equal("d.t [a] vin='1' | value='on' @5", Mapped(Single, """{"vin":"1","name":"a","value":"on"}"""));
        Assert.Equal("d.t [a] vin='1' | value=True @5", Mapped(Single, """{"vin":"1","name":"a","value":true}"""));
        Assert.Equal("d.t [a] vin='1' | value=1.7976931348623157E+308 @5", Mapped(Single, """{"vin":"1","name":"a","value":1.7976931348623157e308}"""));
    }

    [Fact]
    public void Names_and_texts_are_unicode_and_may_be_escaped() =>
        Assert.Equal("d.t [größe] vin='京\n😀' | value=1 @5", Mapped(Single, """{"v\u0069n":"京\n\ud83d\ude00","name":"gr\u00f6ße","value":1}"""));

    [Fact]
    public void All_fields_that_are_neither_dimension_nor_time_are_measures() =>
        Assert.Equal(
            "d.t [trip] vin='1' | km=3 ok=False @7000000",
            Mapped(All with { Time = new TimeOptions("at") }, """{"at":7,"vin":"1","km":3,"none":null,"ok":false}"""));

    [Fact]
    public void Named_measures_are_taken_and_others_left() =>
        Assert.Equal("d.t [trip] vin='1' | b=2 @5", Mapped(Named, """{"vin":"1","b":2,"c":3}"""));

    [Fact]
    public void A_record_without_any_measure_is_refused()
    {
        Assert.Equal("none of the measures is there: a, b", Refused(Named, """{"vin":"1","c":3}"""));
        Assert.Equal("there is no field left that could be a measure", Refused(All, """{"vin":"1"}"""));
    }

    [Fact]
    public void A_refused_record_leaves_nothing_behind()
    {
        Refused(Single, """{"vin":"1","name":"a","value":[1]}""");
        Assert.Equal("d.t [b] vin='2' | value=1 @5", Mapped(Single, """{"vin":"2","name":"b","value":1}"""));
    }

    private static SeriesSinkOptions Single => new() { Table = "d.t", Dimensions = ["vin"], Measure = new SingleMeasure("name", "value") };

    private static SeriesSinkOptions All => Single with { Measure = new MultiMeasure("trip") };

    private static SeriesSinkOptions Named => Single with { Measure = new MultiMeasure("trip", ["a", "b"]) };

    private string Mapped(SeriesSinkOptions options, string payload)
    {
        Assert.Null(Map(options, payload));
        return MemorySeries.Line(_points, _points.Points[0]);
    }

    private string Refused(SeriesSinkOptions options, string payload)
    {
        var reason = Map(options, payload);
        Assert.Equal(0, _points.Count);
        return Assert.IsType<string>(reason);
    }

    private string? Map(SeriesSinkOptions options, string payload)
    {
        _points.Clear();
        return new PointMapper(options).Map(Encoding.UTF8.GetBytes(payload), arrivalNs: 5, 0, _series.Table(new TableName("d", "t")), _points);
    }
}
