namespace Millrace.Tests.Server.Rules;

/// <summary>AWS's Timestream action: its mapping, by the example that AWS's guide works through.</summary>
public sealed class TimestreamActionTests
{
    private const string Action = """
        {"timestream":{"roleArn":"arn:aws:iam::123456789012:role/aws_iot_timestream","tableName":"devices_table","databaseName":"devices_database",
         "dimensions":[{"name":"device_id","value":"${clientId()}"},{"name":"device_firmware_sku","value":"My Static Metadata"}]TIMESTAMP}}
        """;

    private readonly RuleRig _rig = new();

    [Fact]
    public async Task Each_attribute_becomes_a_measure_of_its_type()
    {
        await _rig.RunAsync(Rule(), """
            {
              "boolean_value": true,
              "integer_value": 123456789012,
              "double_value": 123.456789012,
              "string_value": "String value",
              "boolean_value_as_string": "true",
              "integer_value_as_string": "123456789012",
              "double_value_as_string": "123.456789012",
              "array_of_integers": [23, 36, 56, 72],
              "array of strings": ["red", "green", "blue"],
              "complex_value": { "simple_element": 42, "array_of_integers": [23, 36, 56, 72], "array of strings": ["red", "green  \" ", "blue"] },
              "null_value": null
            }
            """);
        const string Dimensions = "device_id='car-7' device_firmware_sku='My Static Metadata'";
        Assert.Empty(_rig.Refused);
        Assert.Equal(
            [
                $"devices_database.devices_table [boolean_value] {Dimensions} | value=True @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [integer_value] {Dimensions} | value=123456789012 @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [double_value] {Dimensions} | value=123.456789012 @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [string_value] {Dimensions} | value='String value' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [boolean_value_as_string] {Dimensions} | value='true' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [integer_value_as_string] {Dimensions} | value='123456789012' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [double_value_as_string] {Dimensions} | value='123.456789012' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [array_of_integers] {Dimensions} | value='[23,36,56,72]' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [array of strings] {Dimensions} | value='[\"red\",\"green\",\"blue\"]' @{RuleRig.ArrivalNs}",
                $"devices_database.devices_table [complex_value] {Dimensions} | value='{{\"simple_element\":42,\"array_of_integers\":[23,36,56,72],\"array of strings\":[\"red\",\"green  \\\" \",\"blue\"]}}' @{RuleRig.ArrivalNs}",
            ],
            _rig.Series.Written);
    }

    [Theory]
    [InlineData("", RuleRig.ArrivalNs)]
    [InlineData(""","timestamp":{"value":"${time}","unit":"SECONDS"}""", 1_500_000_000_000_000_000)]
    [InlineData(""","timestamp":{"value":"${time * 1000}"}""", 1_500_000_000_000_000_000)]
    [InlineData(""","timestamp":{"value":"${timestamp()}","unit":"MILLISECONDS"}""", RuleRig.ArrivalNs)]
    [InlineData(""","timestamp":{"value":"1500000000000001","unit":"MICROSECONDS"}""", 1_500_000_000_000_001_000)]
    [InlineData(""","timestamp":{"value":"1500000000000000001","unit":"NANOSECONDS"}""", 1_500_000_000_000_000_001)]
    public async Task The_time_is_the_given_one_or_the_arrival(string timestamp, long expected)
    {
        await _rig.RunAsync(Rule(timestamp), """{"time":1500000000}""");
        Assert.Empty(_rig.Refused);
        Assert.EndsWith($"value=1500000000 @{expected}", Assert.Single(_rig.Series.Written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_a_record_is_refused_with_the_reason()
    {
        await _rig.RunAsync(
            Rule(""","timestamp":{"value":"${time}"}"""), """{"time":"noon"}""", """{"a":1}""", "{}", """{"time":1,"a":null}""", "[1]", "text", """{"time":1,"a":1e400}""");
        Assert.Equal(6, _rig.Refused.Count);
        Assert.Contains("the timestamp 'noon' is not a number of milliseconds", _rig.Refused[0], StringComparison.Ordinal);
        Assert.Contains("1 Unreadable: the timestamp", _rig.Refused[1], StringComparison.Ordinal);
        Assert.Contains("field 'a' is a measure, and 1e400 is too large", _rig.Refused[5], StringComparison.Ordinal);
        Assert.Single(_rig.Series.Written);
    }

    [Fact]
    public async Task An_array_is_several_records_with_batchMode()
    {
        await _rig.RunAsync(Rule(""","batchMode":true"""), """[{"a":1},{"a":2.0,"b":"x"}]""");
        Assert.Equal(["[a] | 1", "[a] | 2", "[b] | 'x'"], _rig.Series.Written.Select(static line => $"{line.Split(' ')[1]} | {line.Split("value=")[1].Split(" @")[0]}"));
    }

    private static string Rule(string timestamp = "") =>
        $$"""{"sql":"SELECT * FROM 'dt/#'","awsIotSqlVersion":"2016-03-23","actions":[{{Action.Replace("TIMESTAMP", timestamp, StringComparison.Ordinal)}}]}""";
}
