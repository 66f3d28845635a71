using System.Buffers;
using System.Buffers.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Steps;

/// <summary>Replaces a time that is too far ahead of the arrival by the arrival (article 002: clocks of devices are wrong).</summary>
internal sealed class CorrectTimeStep(CorrectTimeOptions options) : IStep
{
    private readonly FieldReader _reader = new([options.Field]);
    private readonly ArrayBufferWriter<byte> _corrected = new(1024);
    private readonly long _aheadNs = options.Ahead.Ticks * TimeSpan.NanosecondsPerTick;

    public void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes)
    {
        for (var i = 0; i < source.Count; i++)
        {
            var record = source[i];
            if (!_reader.TryRead(record.Payload, out var fields))
                outcomes.Refuse(i, Fault.Unreadable, _reader.Error.ToString());
            else if (FieldTime.Read(fields[0], fields.Text(0), options.Unit, out var time) is { } wrong)
                outcomes.Refuse(i, Fault.Unreadable, $"field '{options.Field}': {wrong}");
            else if (time - _aheadNs <= record.ArrivalNs)
                target.AddView(source, i);
            else
                target.AddView(source, i, Corrected(record, fields[0]));
        }
    }

    /// <summary>The payload with another value in the place of the time.</summary>
    private ReadOnlySpan<byte> Corrected(in Record record, Field time)
    {
        _corrected.ResetWrittenCount();
        _corrected.Write(record.Payload[..time.Position]);
        if (time.Kind == FieldKind.String)
        {
            TimeText.Write(record.ArrivalNs, _corrected.GetSpan(TimeText.Length));
            _corrected.Advance(TimeText.Length);
        }
        else
        {
            // Whole units: 1609757175225.499 becomes 1609757175225, as the servers of the article wrote it.
            Utf8Formatter.TryFormat(record.ArrivalNs / (long)options.Unit, _corrected.GetSpan(20), out var written);
            _corrected.Advance(written);
        }

        _corrected.Write(record.Payload[(time.Position + time.Raw.Length)..]);
        return _corrected.WrittenSpan;
    }
}
