using Millrace.Benchmarks.Series.Data;
using Npgsql;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>COPY in its binary form, a transaction for each batch.</summary>
internal sealed class PostgresSender(string connect) : IRowSender
{
    // 2000-01-01, from which PostgreSQL counts, in microseconds.
    private const long Epoch = 946_684_800;

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly RowBuffer _buffer = new();
    private NpgsqlConnection? _open;

    public async Task SendAsync(RowBatch batch, CancellationToken stop)
    {
        if (_open is null)
        {
            _open = new NpgsqlConnection(connect);
            await _open.OpenAsync(stop);
        }

        Write(batch);
        await using var copy = await _open.BeginRawBinaryCopyAsync($"COPY {batch.Table.Name} FROM STDIN (FORMAT BINARY)", stop);
        await copy.WriteAsync(_buffer.Written, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
    }

    private void Write(RowBatch batch)
    {
        var columns = batch.Table.Columns;
        _buffer.Clear();
        _buffer.Bytes(Header);
        foreach (ref readonly var row in batch.Rows)
        {
            _buffer.BigShort((short)(columns.Length + 2));
            _buffer.BigInt(sizeof(long));
            _buffer.BigLong((row.Seconds - Epoch) * 1_000_000);
            _buffer.BigInt(sizeof(int));
            _buffer.BigInt(row.TagSet);
            for (var i = 0; i < columns.Length; i++)
            {
                if (i == row.NullColumn)
                {
                    _buffer.BigInt(-1);
                    continue;
                }

                _buffer.BigInt(sizeof(long));
                _buffer.BigLong(columns[i].IsInteger ? (long)row.Values[i] : BitConverter.DoubleToInt64Bits(row.Values[i]));
            }
        }

        _buffer.BigShort(-1);
    }
}
