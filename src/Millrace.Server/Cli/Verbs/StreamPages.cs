using System.Text;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Reads one partition of a stream page by page.</summary>
internal sealed class StreamPages(ServerClient server, string stream, int partition, int limit)
{
    private readonly string _path = $"{StreamVerb.PathOf(stream)}/partitions/{partition}/records";

    public int Partition => partition;

    /// <summary>As of the parameter from; null: where the consumer stands.</summary>
    public string? Position { get; set; }

    /// <param name="consumer">Whose position counts, where it has one; only asked for with the first page.</param>
    /// <param name="wait">As of the parameter; null: not at all.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<JsonElement> NextAsync(string? consumer, string? wait, CancellationToken stop)
    {
        var query = new StringBuilder($"{_path}?limit={limit}");
        if (Position is { } position) query.Append($"&from={Uri.EscapeDataString(position)}");
        if (consumer is not null) query.Append($"&consumer={Uri.EscapeDataString(consumer)}");
        if (wait is not null) query.Append($"&wait={wait}");
        var page = (await server.GetAsync(query.ToString(), stop)).Expect();
        Position = page.Text("next");
        return page;
    }

    public static byte[] DataOf(JsonElement record) =>
        record.Text("encoding") == "base64" ? Convert.FromBase64String(record.Text("data")) : Encoding.UTF8.GetBytes(record.Text("data"));

    /// <summary>How many partitions a stream has.</summary>
    public static async Task<JsonElement[]> PartitionsAsync(ServerClient server, string stream, int? only, CancellationToken stop)
    {
        JsonElement[] all = [.. (await server.GetAsync(StreamVerb.PathOf(stream), stop)).Expect().Items("partitions")];
        if (only is not { } one) return all;
        return one >= 0 && one < all.Length ? [all[one]] : throw new CliException(Exit.Invalid, $"--partition must be from 0 to {all.Length - 1}");
    }
}
