using System.Text.Json;
using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public sealed class DeviceVerbTests
{
    private const string Made = """
        {"certificate":{"id":"3f0a","status":"ACTIVE","things":["t-1"],"policies":["device"],"pem":"CERT"},
         "privateKeyPem":"KEY","authorityPem":"CA","listeners":LISTENERS}
        """;

    [Theory]
    [InlineData("""["wss://127.0.0.1:1","mqtts://127.0.0.1:4321"]""", "-h 127.0.0.1 -p 4321", false)]
    [InlineData("[]", "-h 127.0.0.1 -p 8883", true)]
    public async Task A_certificate_comes_as_three_files_and_the_command_that_uses_them(string listeners, string address, bool toldToStart)
    {
        var shell = new Shell { Server = new FakeServer(200, Made.Replace("LISTENERS", listeners, StringComparison.Ordinal)) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("certs", "create", "--thing", "t-1", "--out", "my certs", "--days", "30", "--rsa"));
        Assert.Equal("POST http://127.0.0.1:8080/api/v1/certificates", shell.Server.Asked);
        Assert.Equal("""{"thing":"t-1","rsa":true,"days":30,"policies":null}""", shell.Server.Body);
        Assert.Equal(("CERT", "KEY", "CA"), (shell.Files["my certs/t-1.pem"], shell.Files["my certs/t-1.key"], shell.Files["my certs/ca.pem"]));
        Assert.Equal(["my certs/t-1.key"], shell.Secrets);
        var command = $"mosquitto_pub {address} --cafile 'my certs/ca.pem' --cert 'my certs/t-1.pem' --key 'my certs/t-1.key' -i t-1 ";
        Assert.Contains(command, shell.Out, StringComparison.Ordinal);
        Assert.Equal(toldToStart, shell.Out.Contains("--mqtts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_there_is_not_overwritten_and_no_certificate_is_made()
    {
        var shell = new Shell { Files = { ["./t-1.key"] = "in use" } };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("certs", "create", "--thing", "t-1"));
        Assert.Contains("./t-1.key is there already", shell.Error, StringComparison.Ordinal);
        Assert.Empty(shell.Server.Asked);
    }

    [Fact]
    public async Task Only_the_certificate_of_a_file_is_sent()
    {
        const string Pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        var shell = new Shell { Files = { ["f"] = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n" + Pem, ["g"] = "no certificate" } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("certs", "register", "f", "--thing", "t", "--inactive"));
        var sent = JsonSerializer.Deserialize<JsonElement>(shell.Server.Body);
        Assert.Equal(Pem, sent.GetProperty("certificatePem").GetString());
        Assert.Equal("INACTIVE", sent.GetProperty("status").GetString());
        Assert.Equal(Exit.Invalid, await shell.RunAsync("certs", "register", "g", "--thing", "t"));
    }

    [Fact]
    public async Task A_password_is_read_from_the_standard_input()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"name":"anna","policies":["everything"]}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("users", "add", "anna"));
        Assert.Equal("""{"name":"anna","password":"from the standard input","policies":null}""", shell.Server.Body);
        Assert.Equal("user anna with policy everything\n", shell.Out);
        await shell.RunAsync("users", "password", "a b");
        Assert.Equal("PUT http://127.0.0.1:8080/api/v1/users/a%20b/password", shell.Server.Asked);
    }

    [Fact]
    public async Task A_token_alone_is_on_the_output()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"token":{"name":"ci","policies":["p"]},"secret":"mlr_x"}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("tokens", "create", "ci", "--for", "12h", "--policy", "p"));
        Assert.Equal("""{"name":"ci","days":0.5,"policies":["p"]}""", shell.Server.Body);
        Assert.Equal("mlr_x\n", shell.Out);
        Assert.Contains("with policy p", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_with_mistakes_is_refused_with_their_places()
    {
        var shell = new Shell { Files = { ["p"] = "{}" }, Server = new FakeServer(400, """{"problems":[{"where":"Version","what":"is missing"}]}""") };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("policy", "put", "sensors", "p"));
        Assert.Equal("PUT http://127.0.0.1:8080/api/v1/policies/sensors", shell.Server.Asked);
        Assert.Equal("Version: is missing\n1 mistake.\n", shell.Error);
    }

    [Theory]
    [InlineData("true", Exit.Ok, "allow: because\n")]
    [InlineData("false", Exit.Failure, "deny: because\n  passed over: another\n")]
    public async Task A_test_of_a_policy_ends_with_its_answer(string allowed, int code, string shown)
    {
        var passedOver = allowed == "true" ? "[]" : """["another"]""";
        var shell = new Shell
        {
            Files = { ["p"] = """{"Version":"x"}""" },
            Server = new FakeServer(200, $$"""{"allowed":{{allowed}},"why":"because","passedOver":{{passedOver}}}"""),
        };
        Assert.Equal(code, await shell.RunAsync("policy", "test", "--document", "p", "--thing", "t", "--action", "iot:Publish", "--topic", "a"));
        Assert.Equal(shown, shell.Out);
        Assert.Contains("\"document\":{\"Version\":\"x\"}", shell.Server.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attaching_goes_to_whom_it_is_for()
    {
        var shell = new Shell();
        await shell.RunAsync("policy", "attach", "p", "--token", "ci");
        Assert.Equal("PUT http://127.0.0.1:8080/api/v1/tokens/ci/policies/p", shell.Server.Asked);
        await shell.RunAsync("policy", "detach", "p", "--certificate", "3f0a");
        Assert.Equal("DELETE http://127.0.0.1:8080/api/v1/certificates/3f0a/policies/p", shell.Server.Asked);
    }

    [Theory]
    [InlineData("certs")]
    [InlineData("certs", "create")]
    [InlineData("certs", "create", "--thing", "../x")]
    [InlineData("certs", "register", "missing")]
    [InlineData("users", "add")]
    [InlineData("users", "frob")]
    [InlineData("tokens", "create", "x", "--for", "long")]
    [InlineData("policy", "put", "x")]
    [InlineData("policy", "attach", "x")]
    [InlineData("policy", "attach", "x", "--user", "a", "--token", "b")]
    [InlineData("policy", "test", "--action", "iot:Publish")]
    [InlineData("policy", "test", "--user", "a")]
    public async Task Wrong_usage_is_told_and_asks_nobody(params string[] args)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync(args));
        Assert.NotEmpty(shell.Error);
        Assert.Empty(shell.Server.Asked);
    }

    [Theory]
    [InlineData("certs", "create list register revoke activate deactivate remove")]
    [InlineData("users", "add list password remove")]
    [InlineData("tokens", "create list remove")]
    [InlineData("policy", "put get list remove attach detach test")]
    [InlineData("rule", "list get put delete enable disable")]
    [InlineData("documents", "list get")]
    public async Task The_help_of_each_verb_ends_with_an_example(string verb, string verbs)
    {
        foreach (var below in verbs.Split(' ').Prepend(""))
        {
            var shell = new Shell();
            string[] args = below.Length == 0 ? [verb, "--help"] : [verb, below, "--help"];
            Assert.Equal(Exit.Ok, await shell.RunAsync(args));
            var last = shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            Assert.StartsWith($"  millrace {verb} {below}".TrimEnd(), last, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"certificates":[null,7,{"things":{"a":[]}}],"listeners":[7,"mqtts://","::"],"certificate":[]}""")]
    public async Task A_strange_answer_breaks_nothing(string answer)
    {
        string[] verbs =
        [
            "certs list", "certs create --thing t", "certs revoke x", "users list", "users add x", "tokens create x", "policy get x",
            "policy test --user x --action y",
        ];
        foreach (var verb in verbs)
            Assert.InRange(await new Shell { Server = new FakeServer(200, answer) }.RunAsync(verb.Split(' ')), 0, 1);
    }
}
