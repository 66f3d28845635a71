using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.SystemTests;

/// <summary>Certificates, users, tokens and policies through the command line, against a server that is killed in between.</summary>
public sealed class DevicesTests
{
    [Fact]
    public async Task A_certificate_is_made_used_in_a_test_and_revoked_and_stays_so_after_a_kill()
    {
        await using var server = await MillraceProcess.StartAsync();
        var directory = Path.Combine(server.Data, "handed-out");
        var made = await DoneAsync(server, "certs", "create", "--thing", "thermometer-1", "--out", directory);
        Assert.Contains("mosquitto_pub -h 127.0.0.1", made, StringComparison.Ordinal);

        var key = Path.Combine(directory, "thermometer-1.key");
        using (var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(directory, "thermometer-1.pem"), key))
        using (var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(directory, "ca.pem")))
        {
            Assert.Equal("CN=thermometer-1", certificate.Subject);
            Assert.Equal(authority.Subject, certificate.Issuer);
            Assert.True(certificate.HasPrivateKey);
        }

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        var id = (await server.GetAsync("api/v1/certificates")).GetProperty("certificates")[0].GetProperty("id").GetString()!;
        Assert.Contains(id, made, StringComparison.Ordinal);
        string[] connect = ["policy", "test", "--certificate", id, "--action", "iot:Connect"];
        Assert.StartsWith("allow: policy device, statement 0", await DoneAsync(server, connect), StringComparison.Ordinal);

        await DoneAsync(server, "certs", "revoke", id);
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Contains("REVOKED", await DoneAsync(server, "certs", "list"), StringComparison.Ordinal);
        var denied = await server.CliAsync(connect);
        Assert.Equal(1, denied.Code);
        Assert.StartsWith("deny: the certificate is revoked", denied.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await server.CliAsync("certs", "activate", id)).Code);
    }

    [Fact]
    public async Task The_printed_command_works_over_mutual_TLS_and_revoking_ends_the_connection_at_once()
    {
        var port = MillraceProcess.FreePort();
        await using var server = await MillraceProcess.StartAsync(null, null, "--mqtts", $"127.0.0.1:{port}");
        var directory = Path.Combine(server.Data, "handed-out");
        var made = await DoneAsync(server, "certs", "create", "--thing", "t1", "--out", directory);
        var printed = await Commands.RunAsync("sh", ["-c", made.Split('\n').Single(static line => line.Contains("mosquitto_pub", StringComparison.Ordinal))]);
        Assert.True(printed.Code == 0, printed.Error + printed.Output);
        string[] device =
        [
            "-h", "127.0.0.1", "-p", $"{port}", "--cafile", Path.Combine(directory, "ca.pem"),
            "--cert", Path.Combine(directory, "t1.pem"), "--key", Path.Combine(directory, "t1.key"),
        ];
        Assert.NotEqual(0, (await Commands.RunAsync("mosquitto_pub", [.. device, "-i", "t2", "-t", "a", "-m", "x"])).Code);

        // It ends by itself after its own patience, which is longer than the test's.
        var listening = Commands.RunAsync("mosquitto_sub", [.. device, "-i", "t1", "-V", "mqttv5", "-t", "news", "-d", "-W", "50"]);
        await Eventually.Equal(1, async () => (await server.GetAsync("api/v1/ledger")).GetProperty("gateway").GetProperty("connections").GetInt32());
        var id = (await server.GetAsync("api/v1/certificates")).GetProperty("certificates")[0].GetProperty("id").GetString()!;
        await DoneAsync(server, "certs", "revoke", id);
        Assert.Contains("Received DISCONNECT (152)", (await listening.WaitAsync(TimeSpan.FromSeconds(20))).Output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await Commands.RunAsync("mosquitto_pub", [.. device, "-i", "t1", "-t", "a", "-m", "x"])).Code);
    }

    [Fact]
    public async Task Users_and_tokens_come_in_and_do_what_their_policy_says()
    {
        var directory = Scratch.Directory();
        var port = MillraceProcess.FreePort();
        var config = Path.Combine(directory, "server.yaml");
        await File.WriteAllTextAsync(config, $"listeners:\n  - name: people\n    type: mqtt\n    address: 127.0.0.1:{port}\n    auth: [password, token]\n");
        await using var server = await MillraceProcess.StartAsync(null, directory, "--config", config);
        var policy = Path.Combine(directory, "policy.json");
        await File.WriteAllTextAsync(policy, """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect","Resource":"*"},
              {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/allowed/*"}]}
            """);
        await DoneAsync(server, "policy", "put", "own", policy);
        using var added = await server.Http.PostAsync(
            "api/v1/users", new StringContent("""{"name":"anna","password":"correct horse","policies":["own"]}""", null, "application/json"));
        Assert.True(added.IsSuccessStatusCode);
        var token = (await DoneAsync(server, "tokens", "create", "ci", "--policy", "own")).Trim();

        Task<Ran> PublishAsync(string user, string password, string topic) => Commands.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-V", "mqttv5", "-u", user, "-P", password, "-q", "1", "-t", topic, "-m", "x"]);
        Assert.Equal(0, (await PublishAsync("anna", "correct horse", "allowed/a")).Code);
        Assert.Equal(0, (await PublishAsync("whoever", token, "allowed/a")).Code);
        Assert.NotEqual(0, (await PublishAsync("anna", "correct house", "allowed/a")).Code);
        Assert.NotEqual(0, (await PublishAsync("whoever", token + "x", "allowed/a")).Code);
        var forbidden = await PublishAsync("anna", "correct horse", "forbidden/a");
        Assert.Contains("Not authorized", forbidden.Error + forbidden.Output, StringComparison.OrdinalIgnoreCase);
        await DoneAsync(server, "tokens", "remove", "ci");
        Assert.NotEqual(0, (await PublishAsync("whoever", token, "allowed/a")).Code);
    }

    [Fact]
    public async Task A_policy_with_a_mistake_is_refused_and_a_right_one_is_kept()
    {
        await using var server = await MillraceProcess.StartAsync();
        var file = Path.Combine(server.Data, "policy.json");
        await File.WriteAllTextAsync(file, """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publsh","Resource":"*"}]}""");
        var refused = await server.CliAsync("policy", "put", "sensors", file);
        Assert.Equal(2, refused.Code);
        Assert.Contains("Statement[0].Action: 'iot:Publsh' is no action", refused.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, """
            {"Version":"2012-10-17",
             "Statement":[{"Sid":"Own","Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/${iot:ClientId}/*"}]}
            """);
        await DoneAsync(server, "policy", "put", "sensors", file);
        Assert.StartsWith("mlr_", await DoneAsync(server, "tokens", "create", "ci", "--policy", "sensors"), StringComparison.Ordinal);
        Assert.Equal(2, (await server.CliAsync("policy", "remove", "sensors")).Code);
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Contains("\"Own\"", await DoneAsync(server, "policy", "get", "sensors"), StringComparison.Ordinal);
        await DoneAsync(server, "policy", "detach", "sensors", "--token", "ci");
        await DoneAsync(server, "policy", "remove", "sensors");
    }

    [Fact]
    public async Task Garbage_is_refused_with_words_and_harms_nobody()
    {
        await using var server = await MillraceProcess.StartAsync();
        string[] paths = ["certificates", "certificates/register", "users", "tokens", "policies/test"];
        string[] bodies =
        [
            "", "{", "[]", "7", "null", "{}", """{"thing":7}""", """{"thing":"../../x","name":"../../x","password":"long enough","action":"iot:Publish"}""",
            """{"thing":"x","days":2000000000,"name":"x","action":"x","certificatePem":"-----BEGIN CERTIFICATE-----","things":[null]}""",
            """{"name":"x","password":"long enough","policies":[null],"days":1e300,"thing":"x"}""", new string('[', 100_000),
        ];
        foreach (var path in paths)
        {
            foreach (var body in bodies)
            {
                using var answer = await server.Http.PostAsync($"api/v1/{path}", new StringContent(body, null, "application/json"));
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path} answers {answer.StatusCode} to {body[..Math.Min(200, body.Length)]}");
                Assert.Contains("message", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        Assert.Empty((await server.GetAsync("api/v1/users")).GetProperty("users").EnumerateArray());
        Assert.Empty((await server.GetAsync("api/v1/certificates")).GetProperty("certificates").EnumerateArray());
    }

    private static async Task<string> DoneAsync(MillraceProcess server, params string[] arguments)
    {
        var ran = await server.CliAsync(arguments);
        Assert.True(ran.Code == 0, ran.Error + ran.Output);
        return ran.Output;
    }
}
