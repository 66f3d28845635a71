using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class CertsVerb
{
    private const string Path = "api/v1/certificates";
    private const int LongestPem = 64 * 1024;

    public static Verb Create(CliContext context) => new(
        "certs", "Certificates that devices connect with.", "millrace certs create --thing thermometer-1 --out certs")
    {
        CreateCreate(context),
        AskingVerb.List(
            context, "Show all registered certificates.", "millrace certs list", Path, "id", "status", "things", "policies", "subject", "notAfter"),
        CreateRegister(context),
        CreateStatus(context, "revoke", "Revoke a certificate for good; its connections end at once.", "REVOKED"),
        CreateStatus(context, "activate", "Let a certificate in again that was deactivated.", "ACTIVE"),
        CreateStatus(context, "deactivate", "Keep a certificate out until it is activated; its connections end at once.", "INACTIVE"),
        CreateRemove(context),
    };

    private static Verb CreateCreate(CliContext context)
    {
        var thing = new Option<string>("--thing") { Description = "the device: the certificate's name and the client id", HelpName = "NAME", Required = true };
        var rsa = new Option<bool>("--rsa") { Description = "an RSA key with 2048 bits, in place of ECDSA on P-256" };
        var days = new Option<int?>("--days") { Description = "how long it lasts [default: ten years]", HelpName = "N" };
        var policy = AskingVerb.PolicyOption("device, which lets it connect as the thing, publish and subscribe");
        var directory = new Option<string>("--out") { Description = "where the files go", HelpName = "DIR", DefaultValueFactory = static _ => "." };
        return AskingVerb.Create(
            context,
            "create",
            "Make a key and a certificate for a device: NAME.pem, NAME.key and ca.pem.",
            "millrace certs create --thing thermometer-1 --out certs",
            [thing, rsa, days, policy, directory],
            async (parsed, server, stop) =>
            {
                var name = parsed.GetRequiredValue(thing);
                var files = DeviceFiles.At(parsed.GetRequiredValue(directory), name);
                files.CheckFree(context);
                var answer = await server.AskAsync(HttpMethod.Post, Path, new JsonObject
                {
                    ["thing"] = name,
                    ["rsa"] = parsed.GetValue(rsa),
                    ["days"] = parsed.GetValue(days),
                    ["policies"] = AskingVerb.Policies(parsed.GetValue(policy)),
                }, stop);
                var made = answer.Expect();
                files.Write(context, made);
                await WriteHowAsync(context.Out, name, files, made);
                return Exit.Ok;
            });
    }

    private static Verb CreateRegister(CliContext context)
    {
        var file = new Argument<string>("FILE") { Description = "the certificate in PEM; - for the standard input" };
        var thing = new Option<string?>("--thing") { Description = "the device that has it", HelpName = "NAME" };
        var policy = AskingVerb.PolicyOption("device, which needs --thing");
        var inactive = new Option<bool>("--inactive") { Description = "lets nobody in until it is activated" };
        return AskingVerb.Create(
            context,
            "register",
            "Make a certificate known that was made elsewhere, by any authority or by itself.",
            "millrace certs register thermometer-1.pem --thing thermometer-1",
            [file, thing, policy, inactive],
            async (parsed, server, stop) =>
            {
                var answer = await server.AskAsync(HttpMethod.Post, $"{Path}/register", new JsonObject
                {
                    ["certificatePem"] = CertificateIn(Encoding.UTF8.GetString(InputFile.Read(context, parsed.GetRequiredValue(file), LongestPem))),
                    ["things"] = parsed.GetValue(thing) is { } name ? new JsonArray(name) : null,
                    ["policies"] = AskingVerb.Policies(parsed.GetValue(policy)),
                    ["status"] = parsed.GetValue(inactive) ? "INACTIVE" : "ACTIVE",
                }, stop);
                await WriteAsync(context.Out, answer.Expect());
                return Exit.Ok;
            });
    }

    private static Verb CreateStatus(CliContext context, string name, string description, string status)
    {
        var id = IdArgument();
        return AskingVerb.Create(context, name, description, $"millrace certs {name} 3f0a…", [id], async (parsed, server, stop) =>
        {
            var path = $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(id))}/status";
            await WriteAsync(context.Out, (await server.AskAsync(HttpMethod.Put, path, new JsonObject { ["status"] = status }, stop)).Expect());
            return Exit.Ok;
        });
    }

    private static Verb CreateRemove(CliContext context)
    {
        var id = IdArgument();
        return AskingVerb.Create(
            context, "remove", "Forget a certificate that is not active.", "millrace certs remove 3f0a…", [id],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(id))}", null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "64 hexadecimal digits, as certs list shows them" };

    /// <summary>The certificate alone: a key beside it in the file stays here.</summary>
    private static string CertificateIn(string pem)
    {
        const string Begin = "-----BEGIN CERTIFICATE-----", End = "-----END CERTIFICATE-----";
        var (from, to) = (pem.IndexOf(Begin, StringComparison.Ordinal), pem.IndexOf(End, StringComparison.Ordinal));
        return from >= 0 && to > from
            ? pem[from..(to + End.Length)] + "\n"
            : throw new CliException(Exit.Invalid, $"There is no certificate in PEM in the file: it begins with {Begin}.");
    }

    private static async Task WriteAsync(TextWriter output, JsonElement certificate)
    {
        await output.WriteLineAsync(SafeText.Clean($"certificate  {certificate.Text("id")}"));
        await output.WriteLineAsync(SafeText.Clean($"status       {certificate.Text("status")}"));
        await output.WriteLineAsync(SafeText.Clean($"things       {Names(certificate.Items("things"))}"));
        await output.WriteLineAsync(SafeText.Clean($"policies     {Names(certificate.Items("policies"))}"));
    }

    private static async Task WriteHowAsync(TextWriter output, string thing, DeviceFiles files, JsonElement made)
    {
        await WriteAsync(output, made.Member("certificate"));
        await output.WriteLineAsync($"files        {files.Certificate}, {files.Key} (keep it secret: the server has no copy), {files.Authority}");
        await output.WriteLineAsync();
        var listener = made.Items("listeners").Select(static url => url.Text())
            .FirstOrDefault(static url => url.StartsWith("mqtts://", StringComparison.Ordinal));
        if (!Uri.TryCreate(listener, UriKind.Absolute, out var address))
            await output.WriteLineAsync("This server has no TLS listener that takes certificates. Start it with --mqtts 127.0.0.1:8883, and then");
        var (host, port) = address is null ? ("127.0.0.1", 8883) : (address.Host.Trim('[', ']'), address.Port);
        await output.WriteLineAsync(
            $"  mosquitto_pub -h {host} -p {port} --cafile {Quoted(files.Authority)} --cert {Quoted(files.Certificate)} --key {Quoted(files.Key)} "
            + $"-i {thing} -q 1 -t dt/{thing}/hello -m '{{\"hello\":\"world\"}}'");
    }

    private static string Names(IEnumerable<JsonElement> names) =>
        string.Join(", ", names.Select(static name => name.Text())) is { Length: > 0 } text ? text : "none";

    /// <summary>For a shell.</summary>
    private static string Quoted(string path) =>
        path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':')
            ? path
            : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
