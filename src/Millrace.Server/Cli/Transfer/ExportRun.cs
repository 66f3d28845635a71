using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Verbs;

namespace Millrace.Server.Cli.Transfer;

/// <summary>Writes the rows of a table into files, by days. The directory is there when all of them are.</summary>
internal sealed record ExportRun(CliContext Context, TableName Table, DateTimeOffset? From, DateTimeOffset? To, string Format, bool IsHive)
{
    private const string Path = "api/v1/query";

    /// <summary>One file.</summary>
    public async Task<int> ToFileAsync(ServerClient server, string output, CancellationToken stop)
    {
        await using var progress = new Progress(Context, "export");
        using var file = Context.NewFile(output);
        var (made, refused) = await FetchAsync(server, Select(Conditions(From, To)), file.Stream, output, progress, stop);
        if (made is null) return Refuse(refused!);
        file.Keep();
        await TellAsync(made.Rows, made.Bytes, 1, progress);
        return Exit.Ok;
    }

    /// <summary>A directory, which must not be there, or be empty.</summary>
    public async Task<int> ToDirectoryAsync(ServerClient server, string output, CancellationToken stop)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(output));
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw new CliException(Exit.Invalid, $"{output} is there already; name a new directory, or remove it");
        var counted = await server.PostAsync(Path, QueryVerb.Body(Counts(), null, "none"), "application/json", stop);
        if (!counted.IsOk || counted.Error.ValueKind == JsonValueKind.Object) return Refuse(counted);
        var slices = ExportSlice.Of(counted.Body.Items("rows").Select(static row => (row[0].GetInt64(), row[1].GetInt64())));

        var unfinished = $"{full}.unfinished-{Guid.NewGuid():N}";
        try
        {
            await using var progress = new Progress(Context, "export");
            var files = new List<ExportedFile>();
            foreach (var slice in slices)
            {
                var name = NameOf(slice);
                var target = System.IO.Path.Combine(unfinished, name);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                await using var stream = File.Create(target);
                var sql = Select(Conditions(Max(From, slice.From), Min(To, slice.To)));
                var (made, refused) = await FetchAsync(server, sql, stream, name, progress, stop);
                if (made is null) return Refuse(refused!);
                stream.Flush(flushToDisk: true);
                if (made.Rows > 0) files.Add(made);
            }

            Directory.CreateDirectory(unfinished);
            var manifest = new ExportManifest(Table.ToString(), Format, Text(From), Text(To), files.Sum(static file => file.Rows), files.Sum(static file => file.Bytes), files);
            await File.WriteAllBytesAsync(System.IO.Path.Combine(unfinished, ExportManifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, TransferJson.Default.ExportManifest), stop);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(unfinished, full);
            await TellAsync(manifest.Rows, manifest.Bytes, files.Count, progress);
            return Exit.Ok;
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    private async Task<(ExportedFile? Made, ServerAnswer? Refused)> FetchAsync(ServerClient server, string sql, Stream target, string name, Progress progress, CancellationToken stop)
    {
        var content = new ReadOnlyMemoryContent(QueryVerb.Body(sql, Format, "none"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counter = new RowCounter(Format == "csv");
        var (bytes, rows) = (0L, 0L);
        var answer = await server.StreamAsync(Path, content, TakeAsync, stop);
        return answer.IsOk ? (new ExportedFile(name, rows, bytes, Convert.ToHexStringLower(hash.GetHashAndReset())), null) : (null, answer);

        async Task TakeAsync(HttpResponseMessage response, Stream body)
        {
            var buffer = new byte[256 * 1024];
            while (await body.ReadAsync(buffer, stop) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                if (Format != "parquet") counter.Add(buffer.AsSpan(0, read));
                await target.WriteAsync(buffer.AsMemory(0, read), stop);
                bytes += read;
                progress.Add(read);
            }

            rows = Format != "parquet" ? counter.Rows
                : response.Headers.TryGetValues("Millrace-Rows", out var told) ? long.Parse(told.First(), CultureInfo.InvariantCulture)
                : throw new CliException(Exit.Failure, "The server does not say how many rows it sent: it is of another version than this program.");
        }
    }

    private string NameOf(ExportSlice slice)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(slice.From);
        var day = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var part = slice.IsDay ? "" : from.ToString("'T'HH", CultureInfo.InvariantCulture);
        return IsHive ? $"day={day}/{Table.Table}{part}.{Format}" : $"{day}{part}.{Format}";
    }

    private string Counts() =>
        $"SELECT CAST(to_unixtime(date_trunc('hour', time)) AS bigint) AS hour, count(*) AS n FROM {Quoted()}{Conditions(From, To)} GROUP BY 1 ORDER BY 1";

    private string Select(string conditions) => $"SELECT * FROM {Quoted()}{conditions}";

    private string Quoted() => $"\"{Table.Database}\".\"{Table.Table}\"";

    private static string Conditions(DateTimeOffset? from, DateTimeOffset? to)
    {
        string[] conditions = [.. from is { } first ? (string[])[$"time >= {Literal(first)}"] : [], .. to is { } end ? (string[])[$"time < {Literal(end)}"] : []];
        return conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private static string Literal(DateTimeOffset time) => $"TIMESTAMP '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Max(DateTimeOffset? asked, long second) => DateTimeOffset.FromUnixTimeSeconds(second) is var begin && asked > begin ? asked.Value : begin;

    private static DateTimeOffset Min(DateTimeOffset? asked, long second) => DateTimeOffset.FromUnixTimeSeconds(second) is var end && asked < end ? asked.Value : end;

    private int Refuse(ServerAnswer refused)
    {
        Context.Error.WriteLine(SafeText.Clean(refused.Reason));
        return refused.IsOk ? Exit.Failure : refused.ExitCode;
    }

    private Task TellAsync(long rows, long bytes, int files, Progress progress) => Context.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"{Table}: {rows} rows, {Progress.Size(bytes)} in {files} {(files == 1 ? "file" : "files")}, {progress.Elapsed.TotalSeconds:0.0} s"));
}
