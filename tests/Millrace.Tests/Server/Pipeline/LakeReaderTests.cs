using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;

namespace Millrace.Tests.Server.Pipeline;

public sealed class LakeReaderTests
{
    [Fact]
    public void A_lake_of_parquet_files_is_read()
    {
        var lake = Read("stream: cars, format: parquet, columns: { vin: varchar, speed: double, on: boolean, 'odd name': bigint }");
        Assert.Equal(LakeFormat.Parquet, lake.Format);
        Assert.Equal(
            [new("vin", MeasureType.Varchar), new("speed", MeasureType.Double), new("on", MeasureType.Boolean), new LakeColumn("odd name", MeasureType.Bigint)],
            lake.Columns);
    }

    [Fact]
    public void A_bucket_is_read_with_places_of_secrets()
    {
        var lake = Read("stream: cars, s3: { url: 's3://lake/plant 1', endpoint: 'http://127.0.0.1:9000', region: eu-central-1, accessKey: 'file:/run/id', secretKey: 'env:KEY' }, prefix: x/, errorPrefix: 'errors/', compact: 64MB");
        Assert.Equal(new LakeS3Options("s3://lake/plant 1") { Endpoint = "http://127.0.0.1:9000", Region = "eu-central-1", AccessKey = "file:/run/id", SecretKey = "env:KEY" }, lake.S3);
        Assert.Equal(("errors/", new ByteSize(64_000_000)), (lake.ErrorPrefix, lake.Compact));
    }

    [Theory]
    [InlineData("compact: 4KiB", "flows.raw.to.lake.compact", "1MiB")]
    [InlineData("compact: much", "flows.raw.to.lake.compact", "size")]
    [InlineData("compact: 64MB, prefix: 'vin=!{partitionKeyFromQuery:vin}/', partitionKeys: { vin: '${vin}' }", "flows.raw.to.lake.compact", "timestamp")]
    [InlineData("s3: {}", "flows.raw.to.lake.s3.url", "s3://bucket/prefix")]
    [InlineData("s3: 's3://lake'", "flows.raw.to.lake.s3", "")]
    [InlineData("s3: { url: 'https://lake' }", "flows.raw.to.lake.s3", "s3://BUCKET")]
    [InlineData("s3: { url: 's3://lake', endpoint: 'file:///etc' }", "flows.raw.to.lake.s3", "http")]
    [InlineData("s3: { url: 's3://lake', accessKey: AKIA1, secretKey: 'env:K' }", "flows.raw.to.lake.s3.accessKey", "not be the secret")]
    [InlineData("s3: { url: 's3://lake', accessKey: 'env:A' }", "flows.raw.to.lake.s3.secretKey", "missing")]
    [InlineData("s3: { url: 's3://lake', key: x }", "flows.raw.to.lake.s3.key", "unknown")]
    [InlineData("errorPrefix: 'x/!{timestamp:yyyy}/'", "flows.raw.to.lake.errorPrefix", "error-output-type")]
    [InlineData("errorPrefix: 'x/!{firehose:error-output-type}/!{partitionKeyFromQuery:vin}/'", "flows.raw.to.lake.errorPrefix", "partition keys")]
    [InlineData("errorPrefix: '../up/'", "flows.raw.to.lake.errorPrefix", "begin with '.'")]
    [InlineData("errorPrefix: '!{firehose:error-output-type'", "flows.raw.to.lake.errorPrefix", "error-output-type")]
    [InlineData("errorPrefix: 'unfinished/'", "flows.raw.to.lake.errorPrefix", "unfinished")]
    [InlineData("format: orc", "flows.raw.to.lake.format", "parquet")]
    [InlineData("format: [parquet]", "flows.raw.to.lake.format", "")]
    [InlineData("columns: { vin: varchar }", "flows.raw.to.lake.columns", "format: parquet")]
    [InlineData("format: parquet, columns: { vin: text }", "flows.raw.to.lake.columns.vin", "varchar")]
    [InlineData("format: parquet, columns: { vin: { a: b } }", "flows.raw.to.lake.columns.vin", "")]
    [InlineData("format: parquet, columns: [vin]", "flows.raw.to.lake.columns", "")]
    [InlineData("format: parquet, columns: { '': varchar }", "flows.raw.to.lake.columns", "1 to 128")]
    public void Mistakes_are_named_with_their_place(string written, string where, string expected)
    {
        var problem = Assert.Single(Problems($"stream: cars, {written}"));
        Assert.Contains(where, problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void More_columns_than_may_be_declared_are_one_problem()
    {
        var columns = string.Join(", ", Enumerable.Range(0, 5000).Select(static i => $"c{i}: nonsense"));
        Assert.True(Problems($"stream: cars, format: parquet, columns: {{ {columns} }}").Length <= LakeColumn.Most + 1);
        var fine = string.Join(", ", Enumerable.Range(0, 501).Select(static i => $"c{i}: double"));
        Assert.Contains("at most 500", Assert.Single(Problems($"stream: cars, format: parquet, columns: {{ {fine} }}")), StringComparison.Ordinal);
    }

    private static LakeSinkOptions Read(string lake)
    {
        PipelineReader.TryRead(Encoding.UTF8.GetBytes(Yaml(lake)), out var pipeline, out var problems);
        Assert.Empty(problems);
        return Assert.IsType<LakeSinkOptions>(pipeline.Flows[0].Sinks[0]);
    }

    private static string[] Problems(string lake)
    {
        PipelineReader.TryRead(Encoding.UTF8.GetBytes(Yaml(lake)), out _, out var problems);
        return [.. problems.Select(static problem => problem.ToString()!)];
    }

    private static string Yaml(string lake) => $$"""flows: { raw: { sql: "SELECT * FROM 'dt/#'", to: { lake: { {{lake}} } } } }""";
}
