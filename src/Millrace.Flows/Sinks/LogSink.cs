using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>A line of the server's log for each record: one line whatever the record holds, and not longer than a person reads.</summary>
/// <param name="logger">Named after the flow.</param>
/// <param name="options">Checked.</param>
/// <param name="group">The template that begins each line.</param>
/// <param name="context">Of this sink.</param>
internal sealed partial class LogSink(ILogger logger, LogSinkOptions options, Template group, RuleContext context) : ISink
{
    private const int Longest = 4096;

    private readonly RenderBuffer _group = new();
    private readonly FieldReader _reader = new(["timestamp", "message"]);

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        for (var i = 0; i < batch.Count; i++)
            if (Write(batch, i) is { } wrong) outcomes.Refuse(i, Fault.Unreadable, wrong);
        return default;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => new(reached);

    public ValueTask DisposeAsync() => default;

    private string? Write(RecordBatch batch, int index)
    {
        if (!_group.TryRender(group, batch.Origin[batch.OriginOf(index)], context, out var name, out var reason)) return $"the log group: {reason}";
        var message = batch[index].Payload;
        if (options.Batch)
        {
            if (!_reader.TryRead(message, out var fields)) return _reader.Error.ToString();
            if (fields[0].Kind != FieldKind.Number || fields[1].Kind != FieldKind.String)
                return "with batchMode a record is an array of {\"timestamp\": milliseconds, \"message\": \"…\"}";
            message = fields.Text(1);
        }

        LogLine(logger, Line(name), Line(message));
        return null;
    }

    /// <summary>Without anything that would begin another line or that a terminal acts on.</summary>
    private static string Line(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, Longest)]);
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }

        if (utf8.Length > Longest) line.Append(CultureInfo.InvariantCulture, $"… ({utf8.Length} bytes)");
        return line.ToString();
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Information, Message = "{Group}: {Line}")]
    private static partial void LogLine(ILogger logger, string group, string line);
}
