using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Millrace.Connectors.S3;

namespace Millrace.SystemTests.Connectors;

/// <summary>A lake in a bucket, and the records that it cannot take.</summary>
public sealed class S3LakeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_record_is_in_the_bucket_once_though_bucket_and_server_are_killed()
    {
        await using var s3 = await S3Server.StartAsync();
        var secret = Path.Combine(Scratch.Directory(), "key");
        await File.WriteAllTextAsync(secret, S3Server.Key + "\n", Stop);
        await using var server = await MillraceProcess.StartAsync($$"""
            flows:
              telemetry:
                sql: SELECT * FROM 'dt/cars/+'
                to:
                  lake:
                    stream: telemetry
                    s3: { url: 's3://{{S3Server.Bucket}}/plant 1', endpoint: '{{s3.Endpoint}}', accessKey: 'file:{{secret}}', secretKey: 'file:{{secret}}' }
                    prefix: 'cars/vin=!{partitionKeyFromQuery:vin}/!{timestamp:yyyy/MM/dd}/'
                    partitionKeys: { vin: '${vin}' }
                    errorPrefix: 'errors/'
                    bufferTime: 1s
            """);
        for (var i = 0; i < 30; i++) await PublishAsync(server, $$"""{"vin":"car{{i % 3}}","n":{{i}}}""");
        await PublishAsync(server, """{"n":1000}""");
        await Eventually.AsyncTrue(() => Task.FromResult(s3.Objects().Count >= 4), TimeSpan.FromSeconds(30), () => $"no objects came:\n{server.Output}");

        await s3.KillAsync();
        for (var i = 30; i < 60; i++) await PublishAsync(server, $$"""{"vin":"car{{i % 3}}","n":{{i}}}""");
        await Eventually.AsyncTrue(async () => (await server.FlowAsync("telemetry")).ToString().Contains("retrying", StringComparison.Ordinal), TimeSpan.FromSeconds(60), () => server.Output);
        Assert.DoesNotContain(S3Server.Key, server.Output, StringComparison.Ordinal);
        await server.KillAsync();
        await server.StartAgainAsync();
        for (var i = 60; i < 90; i++) await PublishAsync(server, $$"""{"vin":"car{{i % 3}}","n":{{i}}}""");
        await s3.ComeBackAsync();

        using var bucket = new S3Bucket(AddressOf(s3));
        await Eventually.AsyncTrue(
            async () => (await LinesAsync(bucket, "cars/")).Count >= 90, TimeSpan.FromSeconds(60), () => $"{string.Join('\n', s3.Objects())}\n{server.Output}");
        Assert.Equal(
            Enumerable.Range(0, 90).Select(static i => $$"""{"vin":"car{{i % 3}}","n":{{i}}}""").Order(StringComparer.Ordinal),
            (await LinesAsync(bucket, "cars/")).Order(StringComparer.Ordinal));
        Assert.All(s3.Objects(), static key => Assert.Matches(@"^plant 1/(cars/vin=car[0-2]/\d{4}/\d\d/\d\d/telemetry\+telemetry-|errors/processing-failed/\d{4}/\d\d/\d\d/\d\d/telemetry\+telemetry-errors-)", key));

        using var error = JsonDocument.Parse(Assert.Single(await LinesAsync(bucket, "errors/")));
        Assert.Equal("""{"n":1000}""", Encoding.UTF8.GetString(error.RootElement.GetProperty("rawData").GetBytesFromBase64()));
        Assert.Contains("vin", error.RootElement.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync("api/v1/dead-letters")).GetProperty("deadLetters").EnumerateArray());
        Assert.True((await server.GetAsync("api/v1/ledger")).GetProperty("balanced").GetBoolean());
    }

    private static S3Address AddressOf(S3Server s3)
    {
        Assert.Null(S3Address.TryParse($"s3://{S3Server.Bucket}/plant 1", s3.Endpoint, null, out var address));
        return address! with { AccessKey = S3Server.Key, SecretKey = S3Server.Key };
    }

    private static async Task<List<string>> LinesAsync(S3Bucket bucket, string prefix)
    {
        var lines = new List<string>();
        await foreach (var (key, _) in bucket.ListAsync(prefix, Stop))
        {
            using var content = new MemoryStream();
            Assert.True(await bucket.TryGetAsync(key, content, Stop));
            content.Position = 0;
            using var text = new StreamReader(new GZipStream(content, CompressionMode.Decompress));
            while (await text.ReadLineAsync(Stop) is { } line) lines.Add(line);
        }

        return lines;
    }

    private static async Task PublishAsync(MillraceProcess server, string payload)
    {
        using var answer = await server.Http.PostAsync("topics/dt/cars/1?qos=1", new StringContent(payload), Stop);
        answer.EnsureSuccessStatusCode();
    }
}
