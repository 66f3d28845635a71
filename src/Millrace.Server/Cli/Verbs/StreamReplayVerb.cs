using System.CommandLine;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Puts what a stream holds into another one, or publishes it again.</summary>
internal static class StreamReplayVerb
{
    public static Verb Create(CliContext context)
    {
        var name = StreamVerb.NameArgument();
        var from = new Option<string>("--from") { Description = "oldest, a time, how long ago (2h), or a sequence number", HelpName = "WHERE", DefaultValueFactory = static _ => "oldest" };
        var to = new Option<string>("--to") { Description = "where to end: latest (the end as it is now), a time, how long ago, or a sequence number", HelpName = "WHERE", DefaultValueFactory = static _ => "latest" };
        var into = new Option<string?>("--into") { Description = "another stream, which gets the records with their keys", HelpName = "OTHER" };
        var topic = new Option<string?>("--topic") { Description = "a topic to publish them to", HelpName = "TOPIC" };
        var rate = new Option<string?>("--rate") { Description = "at most so many records a second, as 500/s [default: as fast as it goes]", HelpName = "N/s" };
        var partition = StreamVerb.PartitionOption("all");
        return AskingVerb.Create(
            context,
            "replay",
            "Put the records of a stream into another, or publish them; given once more after it was stopped, it goes on where it was.",
            "millrace stream replay alarms --from 2h --into alarms-again",
            [name, from, to, into, topic, rate, partition],
            async (parsed, server, stop) =>
            {
                var target = (parsed.GetValue(into), parsed.GetValue(topic)) switch
                {
                    ({ } stream, null) when stream != parsed.GetRequiredValue(name) => StreamReplayTarget.Stream(stream),
                    (null, { } published) => StreamReplayTarget.Topic(published),
                    ({ }, null) => throw new CliException(Exit.Invalid, "--into must name another stream: this one would never end"),
                    _ => throw new CliException(Exit.Invalid, "give --into or --topic, one of them"),
                };
                var replay = new StreamReplay(context, server, parsed.GetRequiredValue(name), target, RateOf(parsed.GetValue(rate)));
                await replay.RunAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(partition), stop);
                return Exit.Ok;
            });
    }

    private static int? RateOf(string? text) => text is null ? null
        : int.TryParse(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text, out var rate) && rate > 0 ? rate
        : throw new CliException(Exit.Invalid, "--rate must be records a second, as 500/s");
}
