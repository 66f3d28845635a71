using System.CommandLine;
using System.Text;

namespace Millrace.Server.Cli.Verbs;

internal static class PublishVerb
{
    private const int Longest = 4 << 20;

    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "publish",
            "Publish one message over HTTP.",
            """millrace publish dt/cars/TEST1/dtc --message '{"vin":"TEST1","name":"dtc","value":"P0404"}'""");
        var topic = new Argument<string>("TOPIC");
        var message = new Option<string?>("--message", "-m") { Description = "the payload", HelpName = "TEXT" };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "a file that holds the payload; - for the standard input [default: -]",
            HelpName = "FILE",
        };
        var qos = new Option<int>("--qos") { Description = "1: wait until it is safe", DefaultValueFactory = static _ => 1, HelpName = "0|1" };
        var url = ServerClient.UrlOption();
        verb.Add(topic);
        verb.Add(message);
        verb.Add(file);
        verb.Add(qos);
        verb.Add(url);
        verb.SetAction((parsed, stop) =>
        {
            var path = PathOf(parsed.GetRequiredValue(topic), parsed.GetValue(qos));
            var payload = PayloadOf(context, parsed.GetValue(message), parsed.GetValue(file));
            return RunAsync(context, path, payload, parsed.GetValue(url), stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string path, byte[] payload, string? url, CancellationToken stop)
    {
        using var server = new ServerClient(context, url);
        var answer = await server.PostAsync(path, payload, "application/octet-stream", stop);
        answer.Expect();
        return Exit.Ok;
    }

    public static string PathOf(string topic, int qos)
    {
        if (qos is not (0 or 1)) throw new CliException(Exit.Invalid, "--qos must be 0 or 1");
        if (topic.Length == 0 || topic.AsSpan().ContainsAny("+#\0"))
            throw new CliException(Exit.Invalid, "TOPIC must not be empty nor hold the wildcards + and #");
        var levels = topic.Split('/');
        // A URL's path loses such levels on its way, and the message would go to another topic.
        if (levels.Any(static level => level is "." or ".."))
            throw new CliException(Exit.Invalid, "a TOPIC with the level . or .. can be published over MQTT only");
        return $"topics/{string.Join('/', levels.Select(Uri.EscapeDataString))}?qos={qos}";
    }

    private static byte[] PayloadOf(CliContext context, string? message, string? file)
    {
        if (message is not null && file is not null) throw new CliException(Exit.Invalid, "give --message or --file, not both");
        if (message is not null) return Encoding.UTF8.GetBytes(message);
        if (file is null && context.IsTerminal) throw new CliException(Exit.Invalid, "give the payload with --message or --file, or pipe it in");
        var payload = InputFile.Read(context, file ?? "-", Longest);
        return payload.Length <= Longest ? payload : throw new CliException(Exit.Invalid, $"the payload is larger than {Longest >> 20} MiB");
    }
}
