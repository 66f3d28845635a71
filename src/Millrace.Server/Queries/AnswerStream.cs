using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Sends an answer while its query runs. What is not sent yet is small: whoever reads slowly slows the query.</summary>
internal sealed class AnswerStream : IDisposable
{
    private const int SendBytes = 64 * 1024;

    // Most answers are small: more is had when it is needed.
    private const int FirstBytes = 4 * 1024;
    private const int FullPart = 2048;

    // Buffers that grew are used again, but for huge ones: what an answer begins with would be cleared, and a large one be left to the collector, each time.
    private const int MostKept = 16;
    private const int MostKeptBytes = 256 * 1024;
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(200);

    // Of so many bytes. A reader that is slower keeps a query and what it reads from everybody else.
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> Kept = [];

    // Not the response itself: what is in here can still be dropped for an error.
    private readonly ArrayBufferWriter<byte> _buffer = Kept.TryTake(out var kept) ? kept : new(FirstBytes);
    private readonly HttpContext _context;
    private readonly QueryFormat _format;
    private readonly IRowWriter _rows;
    private long _sent;

    public AnswerStream(HttpContext context, QueryFormat format)
    {
        _context = context;
        _format = format;
        _rows = format switch
        {
            QueryFormat.Csv => new CsvRows(_buffer),
            QueryFormat.JsonLines => new JsonLines(_buffer),
            _ => new JsonRows(_buffer),
        };
    }

    /// <summary>Something is on its way: the status cannot say any more that the query failed.</summary>
    public bool HasBegun => _context.Response.HasStarted;

    /// <summary>Called by the thread of the query, which waits here until the other side has taken what came before.</summary>
    public void Write(QueryResult part)
    {
        using (part)
        {
            if (_sent == 0) Begin();
            _rows.Write(part);

            // What is whole already was computed by the thread of the request, which is not to wait here; it is sent at the end.
            if (part.IsWhole) return;

            // A first part that is full promises more; a small answer goes out at once, as a whole or as an error.
            var first = !HasBegun && part.Count >= FullPart;
            if (first || _buffer.WrittenCount >= SendBytes || (HasBegun && Stopwatch.GetElapsedTime(_sent) >= SendEvery)) Send();
        }
    }

    public async Task EndAsync(QueryEnd end, bool complete)
    {
        _rows.End(end, complete);

        // What goes out as a whole says how long it is: one packet less than an end of its own.
        if (!HasBegun) _context.Response.ContentLength = _buffer.WrittenCount;
        await SendAsync(_context.RequestAborted);
    }

    /// <summary>Only where something was sent already.</summary>
    public async Task FailAsync(ApiError error)
    {
        var whole = _rows.Fail(error);
        await SendAsync(_context.RequestAborted);
        if (!whole) throw new AnswerBrokenException(error.Message);
    }

    public void Dispose()
    {
        _buffer.ResetWrittenCount();
        if (_buffer.Capacity <= MostKeptBytes && Kept.Count < MostKept) Kept.Add(_buffer);
    }

    private void Begin()
    {
        _sent = Stopwatch.GetTimestamp();
        _context.Response.ContentType = QueryAsk.MediaType(_format) + (_format == QueryFormat.Csv ? "; charset=utf-8" : "");
    }

    private void Send()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_context.RequestAborted);
        patience.CancelAfter(SendWithin);
        try
        {
            SendAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            _context.Abort();
            throw;
        }

        _sent = Stopwatch.GetTimestamp();
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await _context.Response.BodyWriter.WriteAsync(_buffer.WrittenMemory, stop);
        _buffer.ResetWrittenCount();
    }
}
