using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>What is known to be damaged in one partition, and what of it readers may pass over.</summary>
/// <remarks>Any thread may call. What was skipped is kept in a file beside the segments; the rest is found again by whoever reads there.</remarks>
internal sealed class PartitionDamages
{
    public const string FileName = "skipped.json";

    private readonly Lock _gate = new();
    private readonly string _partition;
    private readonly string _path;
    private readonly LogEnvironment _environment;
    private LogDamage[] _known;

    public PartitionDamages(string partition, string directory, LogEnvironment environment)
    {
        _partition = partition;
        _path = $"{directory}/{FileName}";
        _environment = environment;
        _known = [.. Read().Select(one => new LogDamage(partition, $"{directory}/{one.File}", one.Position, one.From, one.To, one.ToPosition, one.Message, one.At, true))];
    }

    /// <summary>In order of their first records.</summary>
    public IReadOnlyList<LogDamage> Known => Volatile.Read(ref _known);

    /// <summary>The damage that begins at a byte of a file.</summary>
    public LogDamage? At(string path, long position)
    {
        foreach (var one in Volatile.Read(ref _known))
            if (one.Position == position && one.Path == path) return one;
        return null;
    }

    /// <summary>The damage that has a record.</summary>
    public LogDamage? Of(long offset)
    {
        foreach (var one in Volatile.Read(ref _known))
            if (offset >= one.From && offset < one.To) return one;
        return null;
    }

    /// <summary>Notes what was found. The first to find it has it told to the operator.</summary>
    public LogDamage Add(string path, long position, long from, long to, long toPosition, string message)
    {
        lock (_gate)
        {
            if (At(path, position) is { } known) return known;
            var damage = new LogDamage(_partition, path, position, from, to, toPosition, message, _environment.Clock.GetUtcNow(), false);
            Replace([.. _known, damage]);
            _environment.Logger.Damaged(_partition, from, to - 1, message);
            return damage;
        }
    }

    /// <summary>From now on, and over restarts, readers pass over it.</summary>
    public LogDamage Skip(LogDamage damage)
    {
        lock (_gate)
        {
            var skipped = damage with { Skipped = true, Seen = _environment.Clock.GetUtcNow() };
            LogDamage[] all = [.. _known.Where(one => one.Path != damage.Path || one.Position != damage.Position), skipped];
            SkippedDamage[] lines =
            [
                .. all.Where(static one => one.Skipped)
                    .Select(static one => new SkippedDamage(one.Path[(one.Path.LastIndexOf('/') + 1)..], one.Position, one.From, one.To, one.ToPosition, one.Message, one.Seen)),
            ];
            AtomicFile.Write(_environment.Disk, _path, JsonSerializer.SerializeToUtf8Bytes(lines));
            Replace(all);
            _environment.Logger.Skipped(_partition, damage.From, damage.To - 1, damage.Path, damage.Position);
            return skipped;
        }
    }

    /// <summary>Retention took a file: what was wrong with it matters no more.</summary>
    public void Forget(string path)
    {
        lock (_gate) Replace([.. _known.Where(one => one.Path != path)]);
    }

    private void Replace(LogDamage[] all) => Volatile.Write(ref _known, [.. all.OrderBy(static one => one.From)]);

    /// <returns>What is wrong with a file of this name; null where nothing is.</returns>
    public static string? WrongIn(IDisk disk, string path)
    {
        try
        {
            Read(disk, path);
            return null;
        }
        catch (FaultException wrong)
        {
            return wrong.Message;
        }
    }

    private SkippedDamage[] Read() => Read(_environment.Disk, _path);

    private static SkippedDamage[] Read(IDisk disk, string path)
    {
        if (AtomicFile.Read(disk, path) is not { } bytes) return [];
        try
        {
            return JsonSerializer.Deserialize<SkippedDamage[]>(bytes) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Corrupt, $"{path} is not what was written; remove it: readers then stop again at what it skipped", wrong);
        }
    }
}
