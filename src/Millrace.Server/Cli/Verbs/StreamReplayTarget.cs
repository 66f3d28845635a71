using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Where a replay puts records.</summary>
/// <param name="Name">Tells one target from another, in letters that the name of a consumer may have.</param>
/// <param name="PutAsync">Ends when all of them are safe there.</param>
/// <param name="Into">The stream; null where it is a topic.</param>
internal sealed record StreamReplayTarget(string Name, Func<ServerClient, IReadOnlyList<JsonElement>, CancellationToken, Task> PutAsync, string? Into = null)
{
    public static StreamReplayTarget Stream(string stream) => new($"into-{stream}", async (server, records, stop) =>
    {
        JsonArray all =
        [
            .. records.Select(static one => new JsonObject
            {
                ["partitionKey"] = one.Text("partitionKey") is { Length: > 0 } key ? key : "-",
                ["data"] = Convert.ToBase64String(StreamPages.DataOf(one)),
                ["topic"] = one.Text("topic"),
            }),
        ];
        var answer = (await server.AskAsync(HttpMethod.Post, $"{StreamVerb.PathOf(stream)}/records", new JsonObject { ["records"] = all }, stop)).Expect();
        if (answer.Items("records").Select(static one => one.Text("error")).FirstOrDefault(static error => error.Length > 0) is { } refused)
            throw new CliException(Exit.Failure, $"{stream} refuses a record, and the replay ends before it: {refused}");
    }, stream);

    public static StreamReplayTarget Topic(string topic)
    {
        var path = PublishVerb.PathOf(topic, qos: 1);
        return new($"topic-{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(topic).AsSpan()[..Math.Min(24, topic.Length)])}", async (server, records, stop) =>
        {
            foreach (var one in records) (await server.PostAsync(path, StreamPages.DataOf(one), "application/octet-stream", stop)).Expect();
        });
    }
}
