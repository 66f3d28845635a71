using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Sinks;

/// <summary>A lake with a prefix for errors: what it refuses is written there, as lines of Firehose's JSON, and counts as done.</summary>
/// <remarks>
/// What is durable is what all of its files hold. The document has no time but that of the record's arrival, so that a replay writes the same file.
/// </remarks>
/// <param name="lake">Gets the records.</param>
/// <param name="create">Makes the lake for one type of error.</param>
internal sealed class LakeErrorSink(ISink lake, Func<string, ISink> create) : ISink
{
    /// <summary>No folder could be made for the record: a partition key without a value, or one too many.</summary>
    public const string Processing = "processing-failed";

    /// <summary>It fits into no row of a Parquet file.</summary>
    public const string Conversion = "format-conversion-failed";

    private readonly Outcomes _answers = new();
    private readonly Errors _processing = new(Processing, "DynamicPartitioning.MetadataExtractionFailed");
    private readonly Errors _conversion = new(Conversion, "DataFormatConversion.MalformedData");
    private Checkpoint? _durable;
    private Checkpoint? _told;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => lake.OpenAsync(stop);

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        _durable ??= before;
        _answers.Clear();
        await lake.WriteAsync(batch, before, _answers, stop).ConfigureAwait(false);
        foreach (var absorbed in _answers.AbsorbedRecords) outcomes.Absorbed(absorbed);
        if (_answers.Refusals.Count == 0) return;
        await WriteAsync(_processing, batch, before, outcomes, stop).ConfigureAwait(false);
        await WriteAsync(_conversion, batch, before, outcomes, stop).ConfigureAwait(false);
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        if (await lake.CommitAsync(reached, stop).ConfigureAwait(false) is { } durable) _durable = durable;
        if (_durable is not { } least) return null;
        foreach (var errors in (Errors[])[_processing, _conversion])
        {
            if (errors.Sink is null) continue;
            if (await errors.Sink.CommitAsync(reached, stop).ConfigureAwait(false) is { } written) errors.Durable = written;
            if (errors.Durable.Offset < least.Offset) least = errors.Durable;
        }

        if (_told is { } told && told.Offset >= least.Offset) return null;
        _told = least;
        return least;
    }

    public async ValueTask DisposeAsync()
    {
        await lake.DisposeAsync().ConfigureAwait(false);
        foreach (var errors in (Errors[])[_processing, _conversion]) await errors.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(Errors errors, RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        errors.Lines.ClearFor(batch);
        foreach (var refusal in _answers.Refusals.OrderBy(static refusal => refusal.Index))
            if (refusal.Reason.StartsWith(LakeReasons.NoRow, StringComparison.Ordinal) == (errors == _conversion))
                errors.Lines.AddView(batch, refusal.Index, errors.Document(batch[refusal.Index], refusal.Reason));
        if (errors.Lines.Count == 0) return;
        if (errors.Sink is null)
        {
            errors.Sink = create(errors.Type);
            errors.Durable = before;
            await errors.Sink.OpenAsync(stop).ConfigureAwait(false);
        }

        await errors.Sink.WriteAsync(errors.Lines, before, outcomes, stop).ConfigureAwait(false);
    }

    private sealed class Errors(string type, string code) : IAsyncDisposable
    {
        private readonly ArrayBufferWriter<byte> _document = new();

        public string Type => type;

        public RecordBatch Lines { get; } = new();

        /// <summary>Null until there was an error.</summary>
        public ISink? Sink { get; set; }

        public Checkpoint Durable { get; set; }

        public ReadOnlySpan<byte> Document(in Record record, string reason)
        {
            var arrivalMs = record.ArrivalNs / 1_000_000;
            _document.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_document))
            {
                json.WriteStartObject();
                json.WriteNumber("attemptsMade", 1);
                json.WriteNumber("arrivalTimestamp", arrivalMs);
                json.WriteString("errorCode", code);
                json.WriteString("errorMessage", reason);
                json.WriteNumber("attemptEndingTimestamp", arrivalMs);
                json.WriteBase64String("rawData", record.Payload);
                json.WriteString("sequenceNumber", record.Offset.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            return _document.WrittenSpan;
        }

        public ValueTask DisposeAsync()
        {
            Lines.Dispose();
            return Sink?.DisposeAsync() ?? default;
        }
    }
}
