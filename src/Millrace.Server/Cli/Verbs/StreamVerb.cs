using System.CommandLine;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class StreamVerb
{
    private const string Path = "api/v1/streams";

    public static Verb Create(CliContext context) => new(
        "stream", "Streams as Kinesis has them: records by partition, kept for a time, read by many at their own positions.", "millrace stream tail alarms --from 15m")
    {
        AskingVerb.List(
            context, "Show all streams.", "millrace stream list", Path, "name", "from", "partitions", "retention", "maxBytes", "maxRecordSize", "records", "bytes", "consumers"),
        CreateChange(context, "create", "Make a stream.", "millrace stream create alarms --partitions 4 --retention 7d", HttpMethod.Post, withPartitions: true),
        CreateChange(
            context, "alter", "Change how long records are kept and how large they may be.", "millrace stream alter alarms --retention 30d --max-bytes 10GiB", HttpMethod.Patch,
            withPartitions: false),
        CreateDelete(context),
        StreamDescribeVerb.Create(context),
        StreamPutVerb.Create(context),
        StreamTailVerb.Create(context),
        StreamReplayVerb.Create(context),
        CreateSkip(context),
        StreamConsumerVerb.Create(context),
    };

    public static string PathOf(string name) => $"{Path}/{AskingVerb.Part(name)}";

    public static Argument<string> NameArgument() => new("NAME") { Description = "the stream" };

    public static Option<int?> PartitionOption(string otherwise) =>
        new("--partition") { Description = $"one partition, from 0 [default: {otherwise}]", HelpName = "N" };

    private static Verb CreateChange(CliContext context, string verb, string description, string example, HttpMethod method, bool withPartitions)
    {
        var name = NameArgument();
        var partitions = new Option<int?>("--partitions") { Description = "shards, 1 to 256; the number stays [default: 1]", HelpName = "N" };
        var retention = new Option<string?>("--retention") { Description = "how long records are kept [default: 7d]", HelpName = "TIME" };
        var maxBytes = new Option<string?>("--max-bytes") { Description = "of each partition; none: only time counts [default: none]", HelpName = "SIZE" };
        var recordSize = new Option<string?>("--max-record-size") { Description = "payload and key together, up to 10MiB [default: 1MiB]", HelpName = "SIZE" };
        Symbol[] inputs = withPartitions ? [name, partitions, retention, maxBytes, recordSize] : [name, retention, maxBytes, recordSize];
        return AskingVerb.Create(context, verb, description, example, inputs, async (parsed, server, stop) =>
        {
            var stream = parsed.GetRequiredValue(name);
            var body = new JsonObject
            {
                ["name"] = stream,
                ["partitions"] = withPartitions ? parsed.GetValue(partitions) : null,
                ["retention"] = parsed.GetValue(retention),
                ["maxBytes"] = parsed.GetValue(maxBytes),
                ["maxRecordSize"] = parsed.GetValue(recordSize),
            };
            (await server.AskAsync(method, withPartitions ? Path : PathOf(stream), body, stop)).Expect();
            return Exit.Ok;
        });
    }

    private static Verb CreateDelete(CliContext context)
    {
        var name = NameArgument();
        var force = new Option<bool>("--force") { Description = "also where a flow reads or writes it, which stops working" };
        return AskingVerb.Create(
            context, "delete", "Delete a stream with its records and consumers.", "millrace stream delete alarms", [name, force],
            async (parsed, server, stop) =>
            {
                var forced = parsed.GetValue(force) ? "?force=true" : "";
                (await server.AskAsync(HttpMethod.Delete, PathOf(parsed.GetRequiredValue(name)) + forced, null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Verb CreateSkip(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "the stream, or ingress for what devices published" };
        var partition = new Option<int>("--partition") { Description = "from 0", HelpName = "N", Required = true };
        var at = new Option<string>("--at") { Description = "a record that cannot be read, as the error names it", HelpName = "SEQ", Required = true };
        return AskingVerb.Create(
            context, "skip", "Have all readers pass over damaged records, from now on; failed flows are started again.", "millrace stream skip alarms --partition 0 --at 4711",
            [name, partition, at],
            async (parsed, server, stop) =>
            {
                var path = $"{PathOf(parsed.GetRequiredValue(name))}/partitions/{parsed.GetRequiredValue(partition)}/skip";
                var skipped = (await server.AskAsync(HttpMethod.Post, path, new JsonObject { ["sequenceNumber"] = parsed.GetRequiredValue(at) }, stop)).Expect();
                await context.Out.WriteLineAsync(SafeText.Clean(
                    $"Records {skipped.Text("from")} up to, and without, {skipped.Text("to")} of {skipped.Text("partition")} are passed over ({skipped.Text("file")}, byte {skipped.Text("byte")})."));
                return Exit.Ok;
            });
    }
}
