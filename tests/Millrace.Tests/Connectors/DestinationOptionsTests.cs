using System.Text;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Tests.Tidy;

namespace Millrace.Tests.Connectors;

/// <summary>What a pipeline file may say of web servers, Redis and Kafka.</summary>
public sealed class DestinationOptionsTests
{
    [Fact]
    public void Everything_that_can_be_written_is_read()
    {
        var http = Sink<HttpSinkOptions>("""
            http: { url: 'https://h.example/c/${vin}', confirmationUrl: 'https://h.example/c/', timeout: 5s, tries: 3, caFile: /ca.pem, anyHost: true, linkLocal: true,
              systemProxy: true, headers: [{ key: X-A, value: '${a}' }, { key: X-Key, secret: 'env:KEY' }], auth: { basic: { user: u, password: 'file:/p' } },
              batch: { maxRecords: 7, maxBytes: 2KiB, maxAge: 3s } }
            """);
        Assert.Equal(new HttpSinkOptions
        {
            Url = "https://h.example/c/${vin}",
            ConfirmationUrl = "https://h.example/c/",
            Timeout = TimeSpan.FromSeconds(5),
            Tries = 3,
            CaFile = "/ca.pem",
            AnyHost = true,
            LinkLocal = true,
            SystemProxy = true,
            Headers = [new("X-A", "${a}"), new("X-Key", null, "env:KEY")],
            Auth = new HttpAuthOptions { User = "u", Password = "file:/p" },
            Batch = new HttpBatchOptions { MaxRecords = 7, MaxBytes = ByteSize.KiB(2), MaxAge = TimeSpan.FromSeconds(3) },
        }, http);
        var redis = Sink<RedisSinkOptions>("""
            redis: { address: 'r.example:6380', user: u, password: "${get_secret('redis', 'SecretString', 'pw')}", db: 3, tls: true, caFile: /ca.pem, once: false, timeout: 1s,
              commands: [ { set: { key: 'car:${vin}', value: '${speed}', expire: 1h } }, { incr: { key: n, by: '${by}', expire: 1d } }, { publish: { channel: c, message: m } },
                { hset: { key: h, field: '${f}', value: v } }, { lpush: { key: l, keep: 10 } }, { zadd: { key: z, score: '${s}', value: m, keep: 5 } }, { xadd: { key: x, keep: 100 } } ] }
            """);
        Assert.Equal(new RedisSinkOptions
        {
            Address = "r.example:6380",
            User = "u",
            Password = "${get_secret('redis', 'SecretString', 'pw')}",
            Database = 3,
            Tls = true,
            CaFile = "/ca.pem",
            Once = false,
            Timeout = TimeSpan.FromSeconds(1),
            Commands =
            [
                new() { Verb = "set", Key = "car:${vin}", Value = "${speed}", Expire = TimeSpan.FromHours(1) },
                new() { Verb = "incr", Key = "n", Detail = "${by}", Expire = TimeSpan.FromDays(1) },
                new() { Verb = "publish", Key = "c", Value = "m" },
                new() { Verb = "hset", Key = "h", Detail = "${f}", Value = "v" },
                new() { Verb = "lpush", Key = "l", Keep = 10 },
                new() { Verb = "zadd", Key = "z", Detail = "${s}", Value = "m", Keep = 5 },
                new() { Verb = "xadd", Key = "x", Keep = 100 },
            ],
        }, redis);
        var kafka = Sink<KafkaSinkOptions>("""
            kafka: { topic: 'cars-${model}', key: '${vin}', partition: '${p}', headers: [{ key: a, value: b }], clientProperties: { bootstrap.servers: 'k:9092', acks: 1 } }
            """);
        Assert.Equal(new KafkaSinkOptions
        {
            Topic = "cars-${model}",
            Key = "${vin}",
            Partition = "${p}",
            Headers = [new("a", "b")],
            ClientProperties = [new("bootstrap.servers", "k:9092"), new("acks", "1")],
        }, kafka);
    }

    [Fact]
    public void Actions_of_an_aws_rule_are_read_as_they_stand_there()
    {
        Assert.True(
            PipelineReader.TryRead(
                """
                rules:
                  r:
                    sql: SELECT * FROM 'a'
                    actions: [
                      {"http": {"url": "https://h/c/${vin}", "confirmationUrl": "https://h/", "headers": [{"key": "a", "value": "b"}], "enableBatching": true,
                        "batchConfig": {"maxBatchOpenMs": 200, "maxBatchSize": 5, "maxBatchSizeBytes": 1000}}},
                      {"kafka": {"destinationArn": "arn:aws:iot:eu-west-1:1:ruledestination/vpc/x", "topic": "t", "key": "${vin}", "clientProperties": {
                        "bootstrap.servers": "k:9094", "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "acks": "1",
                        "sasl.scram.username": "${get_secret('kafka', 'SecretString', 'user')}", "sasl.scram.password": "${get_secret('kafka', 'SecretString', 'password')}",
                        "key.serializer": "org.apache.kafka.common.serialization.StringSerializer"}}}]
                """u8,
                out var file,
                out var problems),
            string.Join('\n', problems));
        var sinks = Assert.Single(file!.Flows).Sinks;
        Assert.Equal(new HttpBatchOptions { MaxRecords = 5, MaxBytes = new ByteSize(1000), MaxAge = TimeSpan.FromMilliseconds(200) }, ((HttpSinkOptions)sinks[0]).Batch);
        Assert.Equal("SCRAM-SHA-512", ((KafkaSinkOptions)sinks[1]).Property("sasl.mechanism"));
    }

    [Theory]
    [InlineData("http: {}", "url: is missing")]
    [InlineData("http: { url: example.com }", "must begin with http:// or https://")]
    [InlineData("http: { url: 'ftp://example.com/' }", "must begin with http:// or https://")]
    [InlineData("http: { url: 'https://${host}/' }", "takes its host out of the message")]
    [InlineData("http: { url: 'https://example.com${x}' }", "takes its host out of the message")]
    [InlineData("http: { url: '${x}' }", "must begin with http:// or https://")]
    [InlineData("http: { url: 'https://u:p@example.com/' }", "see auth.basic")]
    [InlineData("http: { url: 'http://169.254.169.254/latest' }", "credentials; linkLocal: true allows it")]
    [InlineData("http: { url: 'http://[fe80::1]/' }", "credentials; linkLocal: true allows it")]
    [InlineData("http: { url: 'https://a/b', confirmationUrl: 'https://b/' }", "must be the beginning of url")]
    [InlineData("http: { url: 'https://a/b', auth: { sigv4: { serviceName: x } } }", "signs for AWS's own services")]
    [InlineData("http: { url: 'https://a/b', auth: { bearer: { token: hunter2 } } }", "must say where the secret stands")]
    [InlineData("http: { url: 'https://a/b', auth: {} }", "must hold basic")]
    [InlineData("http: { url: 'https://a/b', headers: [{ key: Host, value: b }] }", "belongs to the connection")]
    [InlineData("http: { url: 'https://a/b', headers: [{ key: 'a b', value: b }] }", "must be the name of a header")]
    [InlineData("http: { url: 'https://a/b', headers: [{ key: a }] }", "must have a value or a secret")]
    [InlineData("http: { url: 'https://a/b', headers: [{ key: Authorization, value: b }] }", "would keep a secret in the pipeline file")]
    [InlineData("http: { url: 'https://a/b', retries: 3 }", "retries")]
    [InlineData("http: { url: 'https://a/b', timeout: 1h }", "must be from 10ms to 5m")]
    [InlineData("http: { url: 'https://a/b', batch: { maxRecords: 0 } }", "must be from 1 to 10000")]
    [InlineData("redis: { commands: [{ incr: { key: n } }] }", "address: is missing")]
    [InlineData("redis: { address: 'a:b:c', commands: [{ incr: { key: n } }] }", "must be host or host:port")]
    [InlineData("redis: { address: a }", "commands: is missing")]
    [InlineData("redis: { address: a, password: hunter2, commands: [{ incr: { key: n } }] }", "must say where the secret stands")]
    [InlineData("redis: { address: a, commands: [{ flushall: { key: n } }] }", "'flushall' is unknown")]
    [InlineData("redis: { address: a, commands: [{ incr: { key: n, value: 1 } }] }", "value")]
    [InlineData("redis: { address: a, commands: [{ hset: { key: n } }] }", "field: is missing")]
    [InlineData("redis: { address: a, commands: [{ set: { key: '${' } }] }", "key")]
    [InlineData("redis: { address: a, caFile: x, commands: [{ incr: { key: n } }] }", "has no meaning without tls")]
    [InlineData("kafka: { topic: t }", "has no bootstrap.servers")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', group.id: g } }", "group.id: is unknown")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', acks: 2 } }", "must be one of 0, 1, -1, all")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', sasl.mechanism: GSSAPI, security.protocol: SASL_SSL } }", "is not supported here")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', sasl.mechanism: PLAIN } }", "has no meaning without security.protocol")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', sasl.scram.password: hunter2 } }", "must say where the secret stands")]
    [InlineData("kafka: { topic: t, clientProperties: { bootstrap.servers: 'k:1', ssl.truststore: x } }", "write ssl.ca.location")]
    [InlineData("kafka: { topic: t, partition: -1, clientProperties: { bootstrap.servers: 'k:1' } }", "must be a number from 0 on")]
    public void What_is_wrong_is_said_and_no_secret_is_repeated(string sink, string said)
    {
        Assert.False(PipelineReader.TryRead(File(sink), out _, out var problems));
        var all = string.Join('\n', problems);
        Assert.Contains(said, all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", all, StringComparison.Ordinal);
        Assert.All(problems, static problem => Assert.True(problem.Line > 0));
    }

    [Fact]
    public void The_examples_of_the_page_are_read_as_they_stand()
    {
        var blocks = SourceTree.Read("docs/connectors.md").Split("```yaml\n")[1..];
        Assert.Equal(3, blocks.Length);
        foreach (var block in blocks)
            Assert.True(PipelineReader.TryRead(Encoding.UTF8.GetBytes(block.Split("```")[0]), out _, out var problems), string.Join('\n', problems));
    }

    private static T Sink<T>(string sink)
        where T : SinkOptions
    {
        Assert.True(PipelineReader.TryRead(File(sink), out var file, out var problems), string.Join('\n', problems));
        return Assert.IsType<T>(Assert.Single(Assert.Single(file!.Flows).Sinks));
    }

    private static byte[] File(string sink) => Encoding.UTF8.GetBytes($"flows:\n  f:\n    sql: SELECT * FROM 'a'\n    to:\n      {sink.ReplaceLineEndings("\n        ")}\n");
}
