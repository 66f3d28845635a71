using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Server.Writes;

namespace Millrace.Tests.Server.Writes;

/// <summary>Records that come over HTTP: what is answered, what queries see, and what a crash leaves.</summary>
public sealed class WriteLogTests
{
    private const string Readings = "table=fleet.readings&dimensions=name,fleet&measureName=readings";

    [Fact]
    public async Task What_was_answered_is_seen_and_is_there_once_after_a_crash()
    {
        await using var rig = new WriteRig();
        Assert.Equal(2, (await rig.RecordsAsync($"{Speed("a", 1)},{Speed("b", 2)}")).Stored);
        Assert.Equal(2, await rig.Series.CountAsync());
        await rig.Series.MoveAsync();
        Assert.Equal(1, (await rig.RecordsAsync(Speed("c", 3))).Stored);
        await rig.CrashAsync();

        // The log is applied again before this one, which waits behind it.
        Assert.Equal(1, (await rig.RecordsAsync(Speed("d", 4))).Stored);
        Assert.True(rig.Log.IsCaughtUp);
        Assert.Equal(["a|1", "b|2", "c|3", "d|4"], await rig.Series.LinesAsync("SELECT vin, \"measure_value::double\" FROM fleet.telemetry ORDER BY vin"));
    }

    [Fact]
    public async Task Records_that_are_rejected_are_named_and_the_others_are_stored()
    {
        await using var rig = new WriteRig();
        await rig.RecordsAsync(Speed("a", 1));
        var result = await rig.RecordsAsync(
            $$"""{{Speed("a", 2)}},{{Speed("b", 2)}},{"MeasureName":"speed","MeasureValue":"NaN","Time":"{{WriteRig.Ms}}"},{"MeasureName":"speed","MeasureValue":"fast","MeasureValueType":"VARCHAR","Time":"{{WriteRig.Ms}}"}""");
        Assert.Equal((1L, 3L), (result.Stored, result.Rejected));
        Assert.Equal([0, 2, 3], result.First.Select(static record => record.RecordIndex));
        Assert.Equal(1, result.First[0].ExistingVersion);
        Assert.StartsWith("A record already exists with the same time", result.First[0].Reason, StringComparison.Ordinal);
        Assert.Equal("measure 'speed': NaN and infinity cannot be stored", result.First[1].Reason);
        Assert.Equal("measure 'speed' of fleet.telemetry is DOUBLE; this record has VARCHAR", result.First[2].Reason);
    }

    [Fact]
    public async Task All_types_are_written_and_common_attributes_stand_behind_the_records_own()
    {
        await using var rig = new WriteRig();
        var result = await rig.RecordsAsync(
            """
            {"Dimensions":[{"Name":"vin","Value":"a","DimensionValueType":"VARCHAR"}],"MeasureValues":[{"Name":"d","Value":"1.5","Type":"DOUBLE"},{"Name":"n","Value":"-7","Type":"BIGINT"},
            {"Name":"s","Value":"x","Type":"VARCHAR"},{"Name":"b","Value":"True","Type":"BOOLEAN"},{"Name":"t","Value":"1780272000","Type":"TIMESTAMP"}]},
            {"Dimensions":[{"Name":"vin","Value":"b"}],"MeasureName":"one","MeasureValueType":"BIGINT","MeasureValue":"9","TimeUnit":"NANOSECONDS","Time":"1780272000000000001","Version":3}
            """,
            """{"Dimensions":[{"Name":"site","Value":"here"}],"MeasureName":"all","MeasureValueType":"MULTI","Time":"1780272000","TimeUnit":"SECONDS"}""");
        Assert.Empty(result.First);
        Assert.Equal(
            ["here|a|all|1.5|-7|x|True|1780272000000000000|", "here|b|one||||||9"],
            await rig.Series.LinesAsync("SELECT site, vin, measure_name, d, n, s, b, epoch_ns(t), \"measure_value::bigint\" FROM fleet.telemetry ORDER BY time"));
    }

    [Theory]
    [InlineData("""{"MeasureValue":"1","Time":"1"}""", "MeasureName is missing")]
    [InlineData("""{"MeasureName":"m","Time":"1"}""", "MeasureValue is missing")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1"}""", "Time is missing")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"now"}""", "Time 'now' is not a number of MILLISECONDS")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1","TimeUnit":"HOURS"}""", "TimeUnit 'HOURS' is unknown")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1","Version":"x"}""", "Version 'x' is not a whole number")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1780272000000","Version":0}""", "version 0: versions begin at 1")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"x","Time":"1"}""", "MeasureValue 'x' is no DOUBLE")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1.5","MeasureValueType":"BIGINT","Time":"1"}""", "MeasureValue '1.5' is no BIGINT")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","MeasureValueType":"FLOAT","Time":"1"}""", "the type 'FLOAT' is unknown")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","MeasureValueType":"TIMESTAMP","Time":"1780272000000"}""", "that is a type for multi-measure records only")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","MeasureValues":[],"Time":"1"}""", "MeasureValue and MeasureValues are both there")]
    [InlineData("""{"MeasureName":"m","MeasureValueType":"MULTI","MeasureValue":"1","Time":"1"}""", "MeasureValues is missing")]
    [InlineData("""{"MeasureName":"m","MeasureValueType":"MULTI","MeasureValues":[],"Time":"1780272000000"}""", "a multi-measure record without a measure")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1780272000000","Dimensions":[{"Name":"vin","Value":""}]}""", "dimension 'vin' is empty")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1780272000000","Dimensions":[{"Name":"time","Value":"x"}]}""", "this name is kept")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"1","Dimensions":[{"Name":"vin","Value":"x","DimensionValueType":"BIGINT"}]}""", "DimensionValueType must be VARCHAR")]
    [InlineData("""{"MeasureName":"m","MeasureValue":"1","Time":"\ud800"}""", "Time is missing")]
    public async Task A_record_that_cannot_be_stored_says_why(string record, string why)
    {
        await using var rig = new WriteRig();
        Assert.Contains(why, Assert.Single((await rig.RecordsAsync(record)).First).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"TableName":"t","Records":[{}]}""", "DatabaseName is missing")]
    [InlineData("""{"DatabaseName":"d","TableName":"a b","Records":[{}]}""", "letters, digits")]
    [InlineData("""{"DatabaseName":"d","TableName":"t"}""", "Records must be an array")]
    [InlineData("""{"DatabaseName":"d","TableName":"t","Records":[]}""", "a request has 1 to 10000")]
    [InlineData("""{"DatabaseName":"d","TableName":"t","Records":[7]}""", "Records[0] must be an object")]
    [InlineData("""{"DatabaseName":"d","TableName":"t","CommonAttributes":{"Dimensions":[{"Name":"a","Value":"1"}]},"Records":[{},{"Dimensions":[{"Name":"a","Value":"2"}]}]}""", "Records[1]: the dimension 'a' is in CommonAttributes too")]
    [InlineData("""{"DatabaseName":"d","TableName":"t","Records":[{"Dimensions":[{"Name":"a","Value":"1"},{"Name":"a","Value":"2"}]}]}""", "the dimension 'a' is there twice")]
    [InlineData("""{"DatabaseName":"d","TableName":"t","Records":[{"Dimensions":[7]}]}""", "each is an object with Name and Value")]
    public async Task A_request_that_is_none_stores_nothing(string json, string why)
    {
        await using var rig = new WriteRig();
        Assert.Contains(why, (await Assert.ThrowsAsync<FaultException>(() => rig.JsonAsync(json))).Message, StringComparison.Ordinal);
        Assert.Empty(rig.Series.Store.Tables());
    }

    [Fact]
    public async Task A_csv_of_many_parts_is_stored_whole_and_its_bad_lines_are_named()
    {
        await using var rig = new WriteRig();
        var text = new StringBuilder("time,name,fleet,load,status\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{WriteRig.Ms - i},truck_{i % 7},\"W,est\",{(i == 15_000 ? "heavy" : $"{i}.5")},\"o\"\"k\n{i}\"\n");
        }

        text.Append("nonsense\n,x,y,1,z");
        var result = await rig.CsvAsync(Readings, text.ToString());
        Assert.Equal((19_999L, 3L), (result.Stored, result.Rejected));
        Assert.Equal([30_002, 40_002, 40_003], result.First.Select(static line => line.RecordIndex));
        Assert.Equal("measure 'load' of fleet.readings is DOUBLE; this record has VARCHAR", result.First[0].Reason);
        Assert.Equal("it has 1 fields, and the header 5", result.First[1].Reason);
        Assert.Equal(["19999|W,est|o\"k\n19999"], await rig.Series.LinesAsync("SELECT count(*), min(fleet), max_by(status, load) FROM fleet.readings"));
        Assert.Equal(19_999, (await rig.CsvAsync(Readings, text.ToString())).Absorbed);
    }

    [Fact]
    public async Task What_a_query_answers_with_can_be_loaded_again()
    {
        await using var rig = new WriteRig();
        var result = await rig.CsvAsync(
            "table=fleet.copy&dimensions=vin",
            "vin,measure_name,time,measure_value::double,measure_value::bigint,measure_value::varchar,measure_value::boolean,a,b\n"
            + "x,speed,2026-06-01 00:00:00.000000001,1.5,,,,,\nx,count,2026-06-01T00:00:00.000000002Z,,7,,,,\nx,state,2026-06-01 00:00:00.000000003,,,on,,,\nx,all,2026-06-01 00:00:00.000000004,,,,,1,true\n"
            + "x,bad,2026-06-01 00:00:00.000000005,1,,,,1,true\nx,bad,2026-06-01 00:00:00.000000006,1,2,,,,\nx,none,2026-06-01 00:00:00.000000007,,,,,,\n");
        Assert.Equal((4L, 3L), (result.Stored, result.Rejected));
        Assert.Equal([6, 7, 8], result.First.Select(static line => line.RecordIndex));
        Assert.Equal(["speed|1.5||||", "count||7|||", "state|||on||", "all||||1|True"], await rig.Series.LinesAsync(
            "SELECT measure_name, \"measure_value::double\", \"measure_value::bigint\", \"measure_value::varchar\", a, b FROM fleet.copy ORDER BY time"));
    }

    [Fact]
    public async Task A_table_that_is_deleted_meanwhile_is_made_anew_by_the_next_record()
    {
        await using var rig = new WriteRig();
        await rig.RecordsAsync(Speed("a", 1));
        await rig.Series.Store.DeleteAsync(new TableName("fleet", "telemetry"), TestContext.Current.CancellationToken);
        await rig.RecordsAsync(Speed("b", 2));
        Assert.Equal(["b"], await rig.Series.LinesAsync("SELECT vin FROM fleet.telemetry"));
        await rig.CrashAsync();
        await rig.RecordsAsync(Speed("c", 3));
        Assert.Equal(["b", "c"], await rig.Series.LinesAsync("SELECT vin FROM fleet.telemetry ORDER BY vin"));
    }

    [Fact]
    public async Task A_table_that_the_store_cannot_have_is_refused_with_the_reason()
    {
        await using var rig = new WriteRig();
        Assert.Contains("keeps the database name", (await rig.JsonAsync("""{"DatabaseName":"system","TableName":"t","Records":[{}]}""")).Refused, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FaultException>(() => rig.CsvAsync("table=system.t&dimensions=", "time,x\n1,2\n"));
        await Assert.ThrowsAsync<FaultException>(() => rig.CsvAsync("table=a.t&dimensions=", ""));
        await Assert.ThrowsAsync<FaultException>(() => rig.CsvAsync("table=a.t&dimensions=", "time,x\n\"" + new string('x', 5 << 20)));
    }

    private static string Speed(string vin, double value) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"Dimensions":[{"Name":"vin","Value":"{{vin}}"}],"MeasureName":"speed","MeasureValue":"{{value}}","Time":"{{WriteRig.Ms}}"}""");
}
