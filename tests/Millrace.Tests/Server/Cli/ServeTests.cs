using System.Net;
using Millrace.Contracts;
using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public sealed class ServeTests
{
    [Fact]
    public async Task Without_anything_given_the_defaults_run()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve"));
        Assert.Equal(new Millrace.Server.ServerOptions(), shell.Served!.Options);
        Assert.Null(shell.Served.Pipeline);
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        var shell = new Shell
        {
            Files = { ["c.yaml"] = "data: /file\nmqtt: 127.0.0.1:1\nhttp: 127.0.0.1:2\nlogMaxAge: 30d\n" },
            Environment = { ["MILLRACE_CONFIG"] = "c.yaml", ["MILLRACE_MQTT"] = "127.0.0.1:3", ["MILLRACE_HTTP"] = "127.0.0.1:4", ["OTHER"] = "x" },
        };
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve", "--http", "localhost:5", "--log-max-bytes", "2GiB"));

        var options = shell.Served!.Options;
        Assert.Equal("/file", options.Data);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 3)], options.Mqtt);
        Assert.Equal(5, options.Http.Port);
        Assert.Equal(TimeSpan.FromDays(30), options.LogMaxAge);
        Assert.Equal(ByteSize.MiB(2048), options.LogMaxBytes);
    }

    [Fact]
    public async Task Every_mistake_of_every_source_is_told_at_once()
    {
        var shell = new Shell
        {
            Files = { ["c.yaml"] = "dat: x\nlogPartitions: 0\nmemoryLimit: lots\n" },
            Environment = { ["MILLRACE_MQQT"] = "x", ["MILLRACE_HTTP"] = "0.0.0.0:8080" },
        };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("serve", "--config", "c.yaml", "--query-time-limit", "never"));
        Assert.Null(shell.Served);
        Assert.Contains("c.yaml:1:1: dat: is unknown; did you mean data?", shell.Error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:2:16: logPartitions: must be from 1 to 256", shell.Error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:3:14: memoryLimit: must be a size", shell.Error, StringComparison.Ordinal);
        Assert.Contains("MILLRACE_MQQT: is unknown; did you mean MILLRACE_MQTT?", shell.Error, StringComparison.Ordinal);
        Assert.Contains("MILLRACE_HTTP: 0.0.0.0:8080 can be reached from other machines", shell.Error, StringComparison.Ordinal);
        Assert.Contains("proxy", shell.Error, StringComparison.Ordinal);
        Assert.Contains("--query-time-limit: must be a time", shell.Error, StringComparison.Ordinal);
        Assert.Contains("6 mistakes.", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_file_may_be_JSON()
    {
        var shell = new Shell { Files = { ["c.json"] = """{ "mqtt": "[::1]:1883,127.0.0.1:1883", "logPartitions": 4 }""" } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve", "--config", "c.json"));
        Assert.Equal(2, shell.Served!.Options.Mqtt!.Count);
        Assert.Equal(4, shell.Served.Options.LogPartitions);
    }

    [Fact]
    public async Task The_pipeline_is_checked_before_anything_starts()
    {
        var shell = new Shell { Files = { ["p.yaml"] = "flows:\n  a: { sql: SELECT, to: { live: } }" } };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("serve", "--pipeline", "p.yaml"));
        Assert.Null(shell.Served);
        Assert.StartsWith("p.yaml:2:", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pipeline_goes_to_the_server_with_its_text()
    {
        const string Text = "flows:\n  a: { sql: SELECT * FROM 'x', to: { live: } }";
        var shell = new Shell { Files = { ["p.yaml"] = Text } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve", "--pipeline", "p.yaml"));
        Assert.Equal("a", Assert.Single(shell.Served!.Pipeline!.Flows).Name);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(Text), shell.Served.PipelineText.ToArray());
    }

    [Theory]
    [InlineData("--mqtt", "127.0.0.1:8080")]
    [InlineData("--data", "")]
    [InlineData("--log-segment-size", "1KB")]
    [InlineData("--log-max-bytes", "1MB")]
    [InlineData("--config", "missing")]
    [InlineData("--pipeline", "missing")]
    public async Task What_cannot_work_is_refused(string option, string value)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync("serve", option, value));
        Assert.NotEmpty(shell.Error);
        Assert.Null(shell.Served);
    }
}
