using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class StreamDescribeVerb
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Shown = ["name", "from", "retention", "maxBytes", "maxRecordSize"];

    public static Verb Create(CliContext context)
    {
        var name = StreamVerb.NameArgument();
        var format = OutputFormats.Option("table", "json");
        return AskingVerb.Create(
            context, "describe", "Show a stream: its partitions, its consumers with their lag, and what is damaged.", "millrace stream describe alarms", [name, format],
            async (parsed, server, stop) =>
            {
                var detail = (await server.GetAsync(StreamVerb.PathOf(parsed.GetRequiredValue(name)), stop)).Expect();
                if (parsed.GetRequiredValue(format) == "json")
                {
                    foreach (var line in JsonSerializer.Serialize(detail, Readable).Split('\n')) await context.Out.WriteLineAsync(SafeText.Clean(line));
                    return Exit.Ok;
                }

                var stream = detail.Member("stream");
                foreach (var member in Shown)
                    if (stream.Text(member) is { Length: > 0 } value) await context.Out.WriteLineAsync(SafeText.Clean($"{member}: {value}"));
                Write(context, detail, "partitions", "partition", "shardId", "oldest", "newest", "records", "bytes", "startingHashKey", "endingHashKey");
                Write(context, detail, "consumers", "consumer", "lagRecords", "lagBytes", "millisBehind", "lastProgress");
                Write(context, detail, "damages", "partition", "file", "byte", "from", "to", "skipped");
                return Exit.Ok;
            });
    }

    private static void Write(CliContext context, JsonElement detail, string list, params string[] columns)
    {
        var items = detail.Items(list).ToArray();
        if (items.Length == 0) return;
        context.Out.WriteLine();
        context.Out.WriteLine($"{list}:");
        var table = new ResultTable(columns);
        foreach (var item in items) table.Add([.. columns.Select(column => item.Member(column))]);
        table.Write(OutputFormat.Table, context);
    }
}
