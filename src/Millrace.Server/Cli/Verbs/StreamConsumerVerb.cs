using System.CommandLine;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class StreamConsumerVerb
{
    public static Verb Create(CliContext context) => new("consumer", "Named consumers of a stream, whose positions the server keeps.", "millrace stream consumer list alarms")
    {
        CreateList(context),
        CreateReset(context),
        CreateDelete(context),
    };

    private static Verb CreateList(CliContext context)
    {
        var name = StreamVerb.NameArgument();
        var format = OutputFormats.Option("table", "csv", "json");
        string[] columns = ["consumer", "partition", "position", "lagRecords", "lagBytes", "millisBehind", "lastProgress"];
        return AskingVerb.Create(
            context, "list", "Show the consumers of a stream, and how far each is behind in each partition.", "millrace stream consumer list alarms", [name, format],
            async (parsed, server, stop) =>
            {
                var answer = (await server.GetAsync($"{StreamVerb.PathOf(parsed.GetRequiredValue(name))}/consumers", stop)).Expect();
                var table = new ResultTable(columns);
                foreach (var consumer in answer.Items("consumers"))
                    foreach (var partition in consumer.Items("partitions"))
                        table.Add([consumer.Member("consumer"), .. columns.Skip(1).Select(column => partition.Member(column))]);
                table.Write(OutputFormats.Of(parsed.GetRequiredValue(format)), context);
                return Exit.Ok;
            });
    }

    private static Verb CreateReset(CliContext context)
    {
        var (name, consumer) = (StreamVerb.NameArgument(), ConsumerArgument());
        var from = new Option<string>("--from") { Description = "oldest, latest, a time, how long ago (15m), or a sequence number", HelpName = "WHERE", Required = true };
        var partition = StreamVerb.PartitionOption("all");
        return AskingVerb.Create(
            context, "reset", "Make a consumer, or set it back or forth.", "millrace stream consumer reset alarms billing --from 2h", [name, consumer, from, partition],
            async (parsed, server, stop) =>
            {
                var body = new JsonObject { ["from"] = parsed.GetRequiredValue(from), ["partition"] = parsed.GetValue(partition) };
                (await server.AskAsync(HttpMethod.Put, PathOf(parsed.GetRequiredValue(name), parsed.GetRequiredValue(consumer)), body, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Verb CreateDelete(CliContext context)
    {
        var (name, consumer) = (StreamVerb.NameArgument(), ConsumerArgument());
        return AskingVerb.Create(
            context, "delete", "Forget a consumer.", "millrace stream consumer delete alarms billing", [name, consumer],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, PathOf(parsed.GetRequiredValue(name), parsed.GetRequiredValue(consumer)), null, stop)).Expect();
                return Exit.Ok;
            });
    }

    public static string PathOf(string stream, string consumer) => $"{StreamVerb.PathOf(stream)}/consumers/{AskingVerb.Part(consumer)}";

    private static Argument<string> ConsumerArgument() => new("CONSUMER") { Description = "its name" };
}
