using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Shows records as they come.</summary>
internal static class StreamTailVerb
{
    private const int PageSize = 500;

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliContext context)
    {
        var name = StreamVerb.NameArgument();
        var from = new Option<string?>("--from")
        {
            Description = "oldest, latest, a time, how long ago (15m), or a sequence number [default: latest; of a consumer: where it stands, else oldest]",
            HelpName = "WHERE",
        };
        var partition = StreamVerb.PartitionOption("all");
        var consumer = new Option<string?>("--consumer") { Description = "go on where this consumer stopped, and keep how far it is", HelpName = "NAME" };
        var format = new Option<string>("--format") { Description = "text: time, partition, number, key, payload; json: an object on each line; raw: payloads alone", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "raw");
        var max = new Option<long?>("--max") { Description = "end after so many records [default: go on]", HelpName = "N" };
        var once = new Option<bool>("--no-wait") { Description = "end where there is nothing more now" };
        return AskingVerb.Create(
            context, "tail", "Show the records of a stream, and those that come.", "millrace stream tail alarms --from oldest --max 10", [name, from, partition, consumer, format, max, once],
            async (parsed, server, stop) =>
            {
                if (parsed.GetValue(max) is < 1) throw new CliException(Exit.Invalid, "--max must be at least 1");
                var stream = parsed.GetRequiredValue(name);
                var tail = new Tail(context, server, stream, parsed.GetValue(consumer), parsed.GetRequiredValue(format), parsed.GetValue(max) ?? long.MaxValue);
                var start = parsed.GetValue(from) ?? (parsed.GetValue(consumer) is null ? "latest" : "oldest");
                var partitions = await StreamPages.PartitionsAsync(server, stream, parsed.GetValue(partition), stop);
                await tail.RunAsync([.. partitions.Select(one => one.Whole("partition"))], start, parsed.GetValue(once), stop);
                return Exit.Ok;
            });
    }

    private sealed class Tail(CliContext context, ServerClient server, string stream, string? consumer, string format, long max)
    {
        private readonly SemaphoreSlim _writing = new(1);
        private long _left = max;

        public async Task RunAsync(int[] partitions, string from, bool once, CancellationToken stop)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            try
            {
                await Task.WhenAll(partitions.Select(partition => ReadAsync(partition, from, once, end)));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // As many as were asked for are shown.
            }
        }

        private async Task ReadAsync(int partition, string from, bool once, CancellationTokenSource end)
        {
            var pages = new StreamPages(server, stream, partition, PageSize) { Position = from };
            var asked = consumer;
            while (!end.IsCancellationRequested)
            {
                var page = await pages.NextAsync(asked, once ? null : "10s", end.Token);
                asked = null;
                await _writing.WaitAsync(end.Token);
                try
                {
                    if (!await ShowAsync(partition, page)) await end.CancelAsync();
                }
                finally
                {
                    _writing.Release();
                }

                if (once && !page.Items("records").Any()) return;
            }
        }

        /// <returns>False where enough was shown.</returns>
        private async Task<bool> ShowAsync(int partition, JsonElement page)
        {
            if (page.Member("missing") is { ValueKind: JsonValueKind.Number } missing && missing.GetInt64() > 0)
                await context.Error.WriteLineAsync($"partition {partition}: {missing} records are there no more");
            JsonElement? last = null;
            foreach (var record in page.Items("records"))
            {
                if (_left == 0) break;
                _left--;
                await WriteAsync(partition, record);
                last = record;
            }

            // Shown is done, whatever happens to this program now.
            if (last is { } done && consumer is not null)
            {
                var body = new JsonObject { ["partition"] = partition, ["sequenceNumber"] = done.Text("sequenceNumber") };
                (await server.AskAsync(HttpMethod.Post, $"{StreamConsumerVerb.PathOf(stream, consumer)}/commit", body, CancellationToken.None)).Expect();
            }

            return _left > 0;
        }

        private async Task WriteAsync(int partition, JsonElement record)
        {
            if (format == "raw")
            {
                var output = context.OutBytes();
                output.Write(StreamPages.DataOf(record));
                output.Write("\n"u8);
                output.Flush();
                return;
            }

            var number = partition.ToString(CultureInfo.InvariantCulture);
            var line = format == "json" ? Json(partition, record) : new StringBuilder()
                .Append(record.Text("arrival")).Append(' ').Append(number).Append(':').Append(record.Text("sequenceNumber")).Append(' ')
                .Append(record.Text("partitionKey")).Append(' ').Append(record.Text("data")).ToString();
            await context.Out.WriteLineAsync(SafeText.Clean(line.ReplaceLineEndings(" ")));
        }

        private static string Json(int partition, JsonElement record)
        {
            var line = JsonObject.Create(record)!;
            line.Insert(0, "partition", partition);
            return line.ToJsonString(OneLine);
        }
    }
}
