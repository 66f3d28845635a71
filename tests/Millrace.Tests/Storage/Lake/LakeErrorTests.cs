using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Flows.Sinks;
using Millrace.Storage.Lake;

namespace Millrace.Tests.Storage.Lake;

/// <summary>What a lake cannot take, at a prefix of its own.</summary>
public sealed class LakeErrorTests
{
    private static readonly LakeOptions Options = new() { Stream = "telemetry", Format = LakeFormat.Parquet, MaxBytes = ByteSize.KiB(1) };

    [Fact]
    public async Task A_record_that_is_no_row_is_a_line_of_firehoses_json_below_the_error_prefix()
    {
        var disk = new LakeDisk();
        var flow = Flow(disk);
        await flow.OpenAsync();
        flow.Log(TimeSpan.Zero, "{\"a\":1}", "no JSON", "{\"a\":2}");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(
        [
            "lake/errors/format-conversion-failed/2021/cars+telemetry-errors-0-00000000000000000001-00000000000000000001.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/07/cars-0-00000000000000000000-00000000000000000002.parquet",
        ], flow.Names);
        using var json = JsonDocument.Parse(Assert.Single(flow.Lines(flow.Names[0])));
        Assert.Equal("no JSON", Encoding.UTF8.GetString(json.RootElement.GetProperty("rawData").GetBytesFromBase64()));
        Assert.Equal("DataFormatConversion.MalformedData", json.RootElement.GetProperty("errorCode").GetString());
        Assert.Equal(LakeFlow.Start.ToUnixTimeMilliseconds(), json.RootElement.GetProperty("arrivalTimestamp").GetInt64());
        Assert.Equal(1, json.RootElement.GetProperty("attemptsMade").GetInt32());
        Assert.Contains("not JSON", json.RootElement.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_the_moment_of_a_crash_rows_and_errors_are_there_once()
    {
        var failsAt = 1;
        for (; await CrashAsync(failsAt); failsAt++) Assert.True(failsAt < 1000);
        Assert.True(failsAt > 20);
    }

    [Theory]
    [InlineData("errors", "errors/processing-failed/")]
    [InlineData("errors/", "errors/processing-failed/")]
    [InlineData("", "processing-failed/")]
    [InlineData("e/!{firehose:error-output-type}/!{timestamp:yyyy}/", "e/processing-failed/!{timestamp:yyyy}/")]
    public void The_type_of_the_error_is_in_the_prefix(string text, string expected)
    {
        Assert.Null(ErrorPrefix.Check(text));
        Assert.Equal(expected, ErrorPrefix.Of(text, LakeErrorSink.Processing));
    }

    private static async Task<bool> CrashAsync(int failsAt)
    {
        var disk = new LakeDisk { FailsAt = failsAt };
        var flow = Flow(disk);
        for (var frame = 0; frame < 8; frame++) flow.Log(TimeSpan.FromMinutes(frame / 3), $"{{\"a\":{frame}}}", $"bad {frame}");
        var crashed = false;
        try
        {
            await flow.OpenAsync();
            await flow.RunAsync();
            await flow.IdleAsync();
        }
        catch (FaultException)
        {
            crashed = true;
        }

        disk.Restart();
        await flow.OpenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        var expected = new LakeDisk();
        var whole = Flow(expected);
        for (var frame = 0; frame < 8; frame++) whole.Log(TimeSpan.FromMinutes(frame / 3), $"{{\"a\":{frame}}}", $"bad {frame}");
        await whole.OpenAsync();
        await whole.RunAsync();
        await whole.IdleAsync();
        Assert.Equal(expected.Files, disk.Files);
        Assert.Equal(flow.Frames, flow.FrameAt(flow.Kept.Offset));
        return crashed;
    }

    private static LakeFlow Flow(LakeDisk disk) => new(
        Options,
        clock => new LakeErrorSink(
            new LakeSink(disk, Options, "cars", 0, clock),
            type => new LakeSink(disk, Options with { Stream = "telemetry-errors", Format = LakeFormat.JsonLines, Prefix = Prefix(type) }, "cars", 0, clock)),
        () => disk.Files);

    private static ObjectPrefix Prefix(string type) =>
        ObjectPrefix.TryParse(ErrorPrefix.Of("errors/!{firehose:error-output-type}/!{timestamp:yyyy}/", type), out var prefix) is null ? prefix! : throw new ArgumentException(type);
}
