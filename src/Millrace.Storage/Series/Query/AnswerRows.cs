using System.Buffers;
using System.Text.Json;

namespace Millrace.Storage.Series.Query;

/// <summary>Rows of an answer where they lie, until they are disposed. For one thread at a time.</summary>
internal abstract class AnswerRows : IDisposable
{
    public abstract int Count { get; }

    /// <summary>A value as bool, long, double or string; null for null.</summary>
    public abstract object? Read(int row, int column);

    /// <summary>The same as JSON.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, int row, int column);

    /// <summary>Writes all rows as JSON arrays, with commas between them, where there is a quicker way than value by value.</summary>
    /// <returns>False: nothing was written.</returns>
    public virtual bool TryWriteRows(IBufferWriter<byte> output) => false;

    public abstract void Dispose();
}
