using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>One query from the command line. What a person looks at is read as a whole; what a program reads passes through as the server sends it.</summary>
internal sealed record QueryRun(CliContext Context, string Sql, OutputFormat Format, string? Output, string? Limit)
{
    private const int TailBytes = 4096;

    public async Task<int> RunAsync(string? url, CancellationToken stop)
    {
        using var server = new ServerClient(Context, url);
        if (Format == OutputFormat.Parquet && Output is null && Context.IsTerminal)
            throw new CliException(Exit.Invalid, "A Parquet file is nothing for a terminal; name a file with --output.");
        await using var progress = new Progress(Context, "answer");
        return Format switch
        {
            OutputFormat.Csv when Output is not null || !Context.IsTerminal => await PassAsync(server, "csv", progress, stop),
            OutputFormat.JsonLines => await PassAsync(server, "jsonl", progress, stop),
            OutputFormat.Parquet => await PassAsync(server, "parquet", progress, stop),
            _ => await ShowAsync(server, stop),
        };
    }

    private async Task<int> ShowAsync(ServerClient server, CancellationToken stop)
    {
        var answer = await server.PostAsync("api/v1/query", QueryVerb.Body(Sql, null, Limit), "application/json", stop);
        if (!answer.IsOk || answer.Error.ValueKind == JsonValueKind.Object)
        {
            QueryVerb.WriteError(Context.Error, Sql, answer);
            return answer.IsOk ? Exit.Failure : answer.ExitCode;
        }

        string[] columns = [.. answer.Body.Items("columns").Select(static column => column.Text("name"))];
        if (Format == OutputFormat.Table && Output is null && columns is ["explain_key", "explain_value"])
        {
            WritePlan(answer.Body.Items("rows"));
            return Exit.Ok;
        }

        var table = new ResultTable(columns);
        foreach (var row in answer.Body.Items("rows")) table.Add([.. row.Items()]);
        Write(table);
        if (answer.Body.IsTrue("truncated"))
            await Context.Error.WriteLineAsync("These are not all rows: the server's limit was reached. Add --limit none, LIMIT, a time range or an aggregate.");
        if (answer.Body.Member("complete").ValueKind == JsonValueKind.False)
            await Context.Error.WriteLineAsync("Not complete yet: the server is still reading back what came in before its last stop.");
        return Exit.Ok;
    }

    // A plan is a drawing of many lines, and no cell of a table.
    private void WritePlan(IEnumerable<JsonElement> rows)
    {
        foreach (var row in rows)
            foreach (var line in row.Items().Last().Text().Split('\n')) Context.Out.WriteLine(SafeText.Clean(line.TrimEnd('\r')));
    }

    private void Write(ResultTable table)
    {
        if (Output is null)
        {
            table.Write(Format, Context);
            return;
        }

        using var file = Context.NewFile(Output);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
            table.Write(Format, Context with { Out = writer, IsTerminal = false });
        file.Keep();
    }

    private async Task<int> PassAsync(ServerClient server, string format, Progress progress, CancellationToken stop)
    {
        using var file = Output is null ? null : Context.NewFile(Output);
        var target = file?.Stream ?? Context.OutBytes();
        var tail = new byte[TailBytes];
        var kept = 0;
        var content = new ReadOnlyMemoryContent(QueryVerb.Body(Sql, format, Limit));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            var answer = await server.StreamAsync("api/v1/query", content, TakeAsync, stop);
            if (!answer.IsOk)
            {
                QueryVerb.WriteError(Context.Error, Sql, answer);
                return answer.ExitCode;
            }
        }
        catch (CliException broken) when (broken.InnerException is HttpIOException)
        {
            // The server's last line says why.
            var last = Encoding.UTF8.GetString(tail, 0, kept).TrimEnd('\n').Split('\n')[^1];
            throw new CliException(Exit.Failure, last.StartsWith("# error:", StringComparison.Ordinal) || last.StartsWith("{\"error\"", StringComparison.Ordinal) ? $"{broken.Message} {last}" : broken.Message, broken);
        }

        await target.FlushAsync(stop);
        file?.Keep();
        return Exit.Ok;

        async Task TakeAsync(HttpResponseMessage response, Stream body)
        {
            progress.Total = response.Content.Headers.ContentLength ?? 0;
            var buffer = new byte[128 * 1024];
            while (await body.ReadAsync(buffer, stop) is var read and > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), stop);
                progress.Add(read);
                kept = Math.Min(read, TailBytes);
                buffer.AsSpan(read - kept, kept).CopyTo(tail);
            }
        }
    }
}
