using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;

namespace Millrace.Storage.Objects;

/// <summary>One object for each record. A batch that is carried twice leaves the same objects.</summary>
public sealed class ObjectSink : ISink
{
    private readonly ObjectStore _store;
    private readonly IRecordText _bucket;
    private readonly IRecordText _key;
    private readonly string _unfinished;
    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    /// <param name="store">Where to.</param>
    /// <param name="bucket">Of each record's object.</param>
    /// <param name="key">Within the bucket.</param>
    /// <param name="name">This sink's alone, of characters that a file's name may have.</param>
    public ObjectSink(ObjectStore store, IRecordText bucket, IRecordText key, string name)
    {
        (_store, _bucket, _key) = (store, bucket, key);
        _unfinished = string.Create(CultureInfo.InvariantCulture, $"{ObjectPath.Unfinished}/{name.Replace('/', '-')}.tmp");
    }

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (!TryPath(batch.Origin[batch.OriginOf(i)], out var path, out var fault, out var reason))
                outcomes.Refuse(i, fault, reason);
            else if (_store.Put(path, _unfinished, batch[i].Payload) is { } wrong)
                outcomes.Refuse(i, Fault.Refused, wrong);
            else
                _directories.Add(AtomicFile.DirectoryOf(path));
        }

        return default;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        foreach (var directory in _directories) _store.Sync(directory);
        _directories.Clear();
        return new(reached);
    }

    public ValueTask DisposeAsync() => default;

    private bool TryPath(in Record origin, out string path, out Fault fault, out string reason)
    {
        (path, fault) = ("", Fault.Unreadable);
        if (!TryText(_bucket, "bucket", origin, out var bucket, out reason) || !TryText(_key, "key", origin, out var key, out reason)) return false;
        fault = Fault.Refused;
        reason = ObjectPath.Find(Encoding.UTF8.GetString(bucket), key, out path) ?? "";
        return reason.Length == 0;
    }

    private bool TryText(IRecordText template, string what, in Record origin, out byte[] text, out string reason)
    {
        _text.ResetWrittenCount();
        var rendered = template.TryRender(origin, _text, out reason);
        if (!rendered) reason = $"the object's {what}: {reason}";
        text = rendered ? _text.WrittenSpan.ToArray() : [];
        return rendered;
    }
}
