using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Server.Cli.Output;
using Millrace.Storage.Series.Outside;

namespace Millrace.Server.Cli.Transfer;

/// <summary>Sends files to a server, one after the other. Sending them again changes nothing: the table absorbs what it has.</summary>
/// <param name="Context">The outside.</param>
/// <param name="Table">database.table.</param>
/// <param name="Parameters">Of the request: dimensions, measures, measureName, time, timeUnit, version.</param>
internal sealed record ImportRun(CliContext Context, string Table, IReadOnlyDictionary<string, string> Parameters)
{
    private const int ShownReasons = 5;

    public async Task<int> RunAsync(ServerClient server, IReadOnlyList<ImportSource> sources, CancellationToken stop)
    {
        using var rows = new FileRows();
        await using var progress = new Progress(Context, "import") { Total = sources.Sum(static source => source.Bytes) };
        var (stored, absorbed, rejected) = (0L, 0L, 0L);
        foreach (var (source, index) in sources.Select(static (source, index) => (source, index)))
        {
            await CheckAsync(source, stop);
            var answer = await SendAsync(server, source, rows, progress, stop);
            if (answer.Body.Member("recordsIngested").ValueKind != JsonValueKind.Object)
            {
                await Context.Error.WriteLineAsync(SafeText.Clean($"{source.Path}: {answer.Reason}"));
                if (index > 0) await Context.Error.WriteLineAsync($"{index} of {sources.Count} files are stored; the same command again goes on, and absorbs what is there.");
                return answer.IsOk ? Exit.Failure : answer.ExitCode;
            }

            stored += Number(answer.Body.Member("recordsIngested").Member("total"));
            absorbed += Number(answer.Body.Member("absorbed"));
            var wrong = Number(answer.Body.Member("rejected"));
            rejected += wrong;
            foreach (var line in answer.Body.Items("rejectedLines").Take(wrong > 0 ? ShownReasons : 0))
                await Context.Error.WriteLineAsync(SafeText.Clean($"{source.Path}, line {line.Text("line")}: {line.Text("reason")}"));
        }

        await Context.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Table}: {stored} records stored, {absorbed} of them were there already, {rejected} rejected; {sources.Count} {(sources.Count == 1 ? "file" : "files")}, {Progress.Size(progress.Total)}, {progress.Elapsed.TotalSeconds:0.0} s"));
        return rejected > 0 ? Exit.Failure : Exit.Ok;
    }

    private async Task<ServerAnswer> SendAsync(ServerClient server, ImportSource source, FileRows rows, Progress progress, CancellationToken stop)
    {
        JsonElement body = default;
        using var content = new RowsContent(source, rows, progress);
        try
        {
            var answer = await server.StreamAsync(
                AddressOf(source, rows),
                content,
                async (_, stream) => body = await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: stop),
                stop);
            return answer.IsOk ? answer with { Body = body } : answer;
        }
        catch (Exception failed) when (content.Unreadable is { } reason)
        {
            throw new CliException(Exit.Invalid, reason, failed);
        }
        catch (IOException unreadable)
        {
            throw new CliException(Exit.Invalid, $"{source.Path}: {unreadable.Message}", unreadable);
        }
    }

    // A Parquet file has times as nanoseconds here, and knows its types.
    private string AddressOf(ImportSource source, FileRows rows)
    {
        var address = new StringBuilder($"api/v1/write?table={Uri.EscapeDataString(Table)}");
        foreach (var (name, value) in Parameters)
            if (!source.IsParquet || name != "timeUnit") address.Append(CultureInfo.InvariantCulture, $"&{name}={Uri.EscapeDataString(value)}");
        if (!source.IsParquet) return address.ToString();
        var types = rows.ColumnsOf(source.Path, source.HasPartitions).Where(static column => !column.Name.Contains(',', StringComparison.Ordinal)).Select(static column => $"{column.Name}:{column.Type}");
        return address.Append(CultureInfo.InvariantCulture, $"&timeUnit=ns&types={Uri.EscapeDataString(string.Join(',', types))}").ToString();
    }

    private static async Task CheckAsync(ImportSource source, CancellationToken stop)
    {
        if (source.Sha256 is null) return;
        await using var file = File.OpenRead(source.Path);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop)) != source.Sha256)
            throw new CliException(Exit.Invalid, $"{source.Path} is not what {ExportManifest.FileName} says: its checksum is another one. Export it again.");
    }

    private static long Number(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : 0;
}
