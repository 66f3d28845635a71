using System.CommandLine;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Rules;

namespace Millrace.Server.Cli.Verbs;

internal static class StreamPutVerb
{
    private const int Longest = 10 << 20;
    private const int Chunk = 500;
    private const int ChunkBytes = 4 << 20;

    public static Verb Create(CliContext context)
    {
        var name = StreamVerb.NameArgument();
        var key = new Option<string>("--key", "-k") { Description = "the partition key, 1 to 256 characters", HelpName = "TEXT", Required = true };
        var message = new Option<string?>("--message", "-m") { Description = "the payload of one record", HelpName = "TEXT" };
        var file = new Option<string?>("--file", "-f") { Description = "a file with a record on each line; - for the standard input [default: -]", HelpName = "FILE" };
        return AskingVerb.Create(
            context, "put", "Put records into a stream; ends when they are on disk.", """millrace stream put alarms --key car-1 --message '{"alarm":"door"}'""",
            [name, key, message, file],
            async (parsed, server, stop) =>
            {
                var path = $"{StreamVerb.PathOf(parsed.GetRequiredValue(name))}/records";
                if (parsed.GetValue(message) is { } one)
                {
                    if (parsed.GetValue(file) is not null) throw new CliException(Exit.Invalid, "give --message or --file, not both");
                    return await SendAsync(context, server, path, [Record(parsed.GetRequiredValue(key), System.Text.Encoding.UTF8.GetBytes(one))], 1, stop);
                }

                if (parsed.GetValue(file) is null && context.IsTerminal) throw new CliException(Exit.Invalid, "give the payload with --message or --file, or pipe it in");
                using var input = parsed.GetValue(file) is { } from and not "-" ? context.OpenFile(from) : context.In();
                return await PutLinesAsync(context, server, path, parsed.GetRequiredValue(key), new LineReader(input, Longest, static () => { }), stop);
            });
    }

    private static async Task<int> PutLinesAsync(CliContext context, ServerClient server, string path, string key, LineReader lines, CancellationToken stop)
    {
        var (waiting, bytes, number, code) = (new JsonArray(), 0, 1, Exit.Ok);
        while (lines.Next())
        {
            if (lines.WasTooLong) throw new CliException(Exit.Invalid, $"line {number + waiting.Count} is longer than {Longest >> 20} MiB");
            waiting.Add(Record(key, lines.Line.ToArray()));
            bytes += lines.Line.Length;
            if (waiting.Count < Chunk && bytes < ChunkBytes) continue;
            code = Math.Max(code, await SendAsync(context, server, path, waiting, number, stop));
            number += waiting.Count;
            (waiting, bytes) = (new JsonArray(), 0);
        }

        return waiting.Count == 0 ? code : Math.Max(code, await SendAsync(context, server, path, waiting, number, stop));
    }

    private static JsonObject Record(string key, byte[] data) => new() { ["partitionKey"] = key, ["data"] = Convert.ToBase64String(data) };

    private static async Task<int> SendAsync(CliContext context, ServerClient server, string path, JsonArray records, int first, CancellationToken stop)
    {
        var answer = (await server.AskAsync(HttpMethod.Post, path, new JsonObject { ["records"] = records }, stop)).Expect();
        var (code, at) = (Exit.Ok, first);
        foreach (var record in answer.Items("records"))
        {
            if (record.Text("error") is { Length: > 0 } problem)
            {
                await context.Error.WriteLineAsync(SafeText.Clean($"record {at}: {problem}"));
                code = Exit.Invalid;
            }

            at++;
        }

        return code;
    }
}
