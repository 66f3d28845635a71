using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using Millrace.Contracts.Records;
using Millrace.Storage.Lake.Parquet;

namespace Millrace.Storage.Lake;

/// <summary>A file while it is gathered: compressed already, in memory. One line for each record, unless the separator is another.</summary>
/// <remarks>
/// A payload that is JSON is the line, byte for byte; only where it has line breaks, the space between its values is left out.
/// Anything else is the line <c>{"$raw":"…"}</c>, in Base64. With a schema the file becomes a Parquet file when it is finished, from the lines.
/// </remarks>
internal sealed class LakeFile : IDisposable
{
    private const int LineBytes = 64 * 1024;
    private const int RawBytesAtOnce = 3 * 1024;

    private readonly CompressionLevel _compression;
    private readonly RowSchema? _schema;
    private readonly GZipStream _gzip;
    private readonly byte[] _separator;
    private readonly byte[] _lines = ArrayPool<byte>.Shared.Rent(LineBytes);
    private ChunkStream _content = new();
    private int _linesUsed;
    private bool _isFinished;
    private bool _isDisposed;

    /// <param name="compression">Of the file.</param>
    /// <param name="separator">Behind each record; a line break where there is a schema.</param>
    /// <param name="schema">Learns of each record before it is added here; null: the file keeps its lines.</param>
    public LakeFile(CompressionLevel compression, byte[] separator, RowSchema? schema)
    {
        (_compression, _schema) = (compression, schema);
        _gzip = new GZipStream(_content, schema is null ? compression : CompressionLevel.Fastest, leaveOpen: true);
        _separator = separator;
    }

    /// <summary>No further column fits.</summary>
    public bool IsFull => _schema is { IsFull: true };

    /// <summary>Of all payloads, as they came.</summary>
    public long PayloadBytes { get; private set; }

    public long FirstOffset { get; private set; } = -1;

    public long LastOffset { get; private set; } = -1;

    public long FirstArrivalNs { get; private set; }

    public void Add(in Record record)
    {
        if (FirstOffset < 0) (FirstOffset, FirstArrivalNs) = (record.Offset, record.ArrivalNs);
        LastOffset = record.Offset;
        PayloadBytes += record.Payload.Length;

        if (!JsonText.IsOneValue(record.Payload)) PutRaw(record.Payload);
        else if (record.Payload.IndexOfAny((byte)'\n', (byte)'\r') >= 0) PutWithoutSpace(record.Payload);
        else Put(record.Payload);
        Put(_separator);
    }

    /// <summary>No record comes any more. May be asked again.</summary>
    /// <returns>The whole file; this one's own.</returns>
    public ChunkStream Finish()
    {
        if (_isFinished) return _content;
        _isFinished = true;
        PutThrough();
        _gzip.Dispose();
        if (_schema is null) return _content;
        var lines = _content;
        _content = RowFile.Of(lines, _schema, _compression);
        lines.Dispose();
        return _content;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _gzip.Dispose();
        _content.Dispose();
        ArrayPool<byte>.Shared.Return(_lines);
    }

    private void PutRaw(ReadOnlySpan<byte> payload)
    {
        Span<byte> text = stackalloc byte[RawBytesAtOnce / 3 * 4];
        Put("{\"$raw\":\""u8);
        while (!payload.IsEmpty)
        {
            var part = payload[..Math.Min(payload.Length, RawBytesAtOnce)];
            Base64.EncodeToUtf8(part, text, out _, out var written);
            Put(text[..written]);
            payload = payload[part.Length..];
        }

        Put("\"}"u8);
    }

    private void PutWithoutSpace(ReadOnlySpan<byte> json)
    {
        var from = 0;
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var isSpace = !inString && json[i] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
            if (json[i] == '"') inString = !inString;
            if (inString && json[i] == '\\') i++;
            if (!isSpace) continue;
            Put(json[from..i]);
            from = i + 1;
        }

        Put(json[from..]);
    }

    // Lines are gathered before they are compressed: a call into zlib for each costs as much as the compression.
    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LineBytes - _linesUsed) PutThrough();
        if (bytes.Length > LineBytes)
        {
            _gzip.Write(bytes);
            return;
        }

        bytes.CopyTo(_lines.AsSpan(_linesUsed));
        _linesUsed += bytes.Length;
    }

    private void PutThrough()
    {
        if (_linesUsed == 0) return;
        _gzip.Write(_lines, 0, _linesUsed);
        _linesUsed = 0;
    }
}
