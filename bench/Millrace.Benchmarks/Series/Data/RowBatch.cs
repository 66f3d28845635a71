using System.Buffers;

namespace Millrace.Benchmarks.Series.Data;

/// <summary>Rows of one table in the order of their arrival. Whoever has it last disposes it.</summary>
internal sealed class RowBatch(TruckTable table, int capacity) : IDisposable
{
    private readonly TruckRow[] _rows = ArrayPool<TruckRow>.Shared.Rent(capacity);

    public TruckTable Table => table;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    public ReadOnlySpan<TruckRow> Rows => _rows.AsSpan(0, Count);

    public void Add(in TruckRow row) => _rows[Count++] = row;

    public void Dispose() => ArrayPool<TruckRow>.Shared.Return(_rows);
}
