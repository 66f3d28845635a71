using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Millrace.Server.Queries;
using Millrace.Storage.Series.Outside;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Cli.Transfer;

/// <summary>A file as the CSV of a request, made while it is sent.</summary>
internal sealed class RowsContent : HttpContent
{
    private const int SendBytes = 256 * 1024;

    private readonly ImportSource _source;
    private readonly FileRows _rows;
    private readonly Progress _progress;

    public RowsContent(ImportSource source, FileRows rows, Progress progress)
    {
        (_source, _rows, _progress) = (source, rows, progress);
        Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    }

    /// <summary>Why the file could not be read; null where it could.</summary>
    public string? Unreadable { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _source is { IsParquet: false, Columns: null } ? PassAsync(stream, cancellationToken)
            : Task.Factory.StartNew(() => Make(stream, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    // As it is: the server reads CSV itself.
    private async Task PassAsync(Stream stream, CancellationToken stop)
    {
        await using var file = File.OpenRead(_source.Path);
        await using var text = ImportSources.OpenText(_source.Path, file);
        var buffer = new byte[SendBytes];
        var counted = 0L;
        while (await text.ReadAsync(buffer, stop) is var read and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), stop);
            _progress.Add(file.Position - counted);
            counted = file.Position;
        }
    }

    private void Make(Stream stream, CancellationToken stop)
    {
        var buffer = new ArrayBufferWriter<byte>(SendBytes * 2);
        var csv = new CsvRows(buffer);
        try
        {
            if (_source.IsParquet) _rows.ReadParquet(_source.Path, _source.HasPartitions, Take);
            else _rows.ReadCsv(_source.Path, _source.Columns!, _source.HasHeading, Take);
        }
        catch (IOException broken) when (broken.InnerException is not null && broken.Message.StartsWith(_source.Path, StringComparison.Ordinal))
        {
            Unreadable = broken.Message;
            throw;
        }

        Send();
        _progress.Add(_source.Bytes);

        void Take(QueryResult part)
        {
            stop.ThrowIfCancellationRequested();
            csv.Write(part);
            if (buffer.WrittenCount >= SendBytes) Send();
        }

        void Send()
        {
            stream.WriteAsync(buffer.WrittenMemory, stop).AsTask().GetAwaiter().GetResult();
            buffer.ResetWrittenCount();
        }
    }
}
