using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Contracts;
using Millrace.Storage.Backup;
using Millrace.Storage.Files;
using Millrace.Testing.Storage;
using Millrace.Tests.Storage.Verify;

namespace Millrace.Tests.Storage.Backup;

public sealed class BackupTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory, Seeds(100)]
    public async Task A_backup_is_the_directory_as_it_was_when_it_began_whatever_is_written_meanwhile(int seed)
    {
        var random = new Random(seed);
        await using var rig = new DataRig(random);
        rig.GoOn(random.Next(30));
        var (messages, documents, checkpoint) = (rig.Messages.Select(static list => list.ToArray()).ToArray(), rig.Documents, rig.CheckpointOf("flow/0"));
        var moved = Reopened(rig.Disk.Copy());

        using var image = await BackupImage.TakeAsync(rig.Disk, rig.Logs);
        rig.GoOn(random.Next(30));
        var backup = Copy(rig.Disk, image, new MemoryDisk());
        var target = new MemoryDisk();
        new BackupRestore(backup, target).Run(BackupReading.Read(backup), static _ => { }, Stop);

        Assert.Empty(BackupReading.Check(backup, BackupReading.Read(backup), Stop));
        Assert.DoesNotContain(DataRig.Verify(target).Faults, static fault => fault.IsDamage);
        await using var restored = new DataRig(random, target);
        for (var i = 0; i < messages.Length; i++)
        {
            var partition = restored.Log.Partitions[i];
            Assert.Equal(messages[i].Length, partition.End);
            using var batch = new Contracts.Records.RecordBatch();
            for (var offset = partition.Start; partition.TryRead(offset, batch); offset = batch.Through, batch.Clear())
                for (var at = 0; at < batch.Count; at++) Assert.True(messages[i][(int)batch[at].Offset].Is(batch[at]));
        }

        Assert.Equal(documents, restored.Documents);
        Assert.Equal(checkpoint, restored.CheckpointOf("flow/0"));
        Assert.Equal(moved, restored.Rows);
    }

    [Theory, Seeds(100)]
    public async Task Whatever_is_written_merged_and_dropped_while_an_image_is_taken_its_parts_agree(int seed)
    {
        var random = new Random(seed);
        await using var rig = new DataRig(random);
        rig.GoOn(random.Next(2, 20));
        var before = rig.Messages.Select(static list => list.Count).ToArray();
        var isCut = false;
        var busy = new BusyDisk(rig.Disk, path =>
        {
            // Then the commit thread is at it, and nothing is committed.
            isCut |= path.StartsWith("documents/", StringComparison.Ordinal);
            if (!isCut && random.Next(6) == 0) rig.GoOn(1);
        });
        using var image = await BackupImage.TakeAsync(busy, rig.Logs);
        rig.GoOn(random.Next(5));
        var backup = Copy(rig.Disk, image, new MemoryDisk());
        var target = new MemoryDisk();
        new BackupRestore(backup, target).Run(BackupReading.Read(backup), static _ => { }, Stop);

        Assert.DoesNotContain(DataRig.Verify(target).Faults, static fault => fault.IsDamage);
        await using var restored = new DataRig(random, target);
        for (var i = 0; i < before.Length; i++) Assert.True(restored.Log.Partitions[i].End >= before[i]);
        Assert.True(restored.CheckpointOf("flow/0") <= restored.Log.Partitions[0].End, "a checkpoint is ahead of its log");
    }

    [Fact]
    public async Task Of_a_backup_after_another_only_what_changed_is_copied()
    {
        await using var rig = new DataRig(new Random(1));
        rig.GoOn(20);
        var disk = new MemoryDisk();
        using (var image = await BackupImage.TakeAsync(rig.Disk, rig.Logs)) Copy(rig.Disk, image, disk);
        var first = BackupReading.Read(disk);
        rig.GoOn(1);
        using var next = await BackupImage.TakeAsync(rig.Disk, rig.Logs);
        var second = new MemoryDisk();
        var writer = Writer(rig.Disk, next, second, first, path =>
        {
            second.Put(path, disk.Bytes(path));
            return true;
        });
        foreach (var file in next.Files) writer.Copy(file, static _ => { }, Stop);
        var manifest = writer.Finish(DateTimeOffset.UnixEpoch);
        Assert.InRange(writer.TakenOver, manifest.Files.Sum(static file => file.Bytes) / 4, manifest.Files.Sum(static file => file.Bytes) - 1);
        Assert.Empty(BackupReading.Check(second, manifest, Stop));
    }

    [Fact]
    public async Task An_image_leaves_nothing_behind_and_one_of_a_server_that_died_is_removed()
    {
        await using var rig = new DataRig(new Random(1));
        rig.GoOn(5);
        using (await BackupImage.TakeAsync(rig.Disk, rig.Logs)) Assert.NotEmpty(rig.Disk.Paths(BackupImage.Root));
        Assert.Empty(rig.Disk.Paths(BackupImage.Root));
        await BackupImage.TakeAsync(rig.Disk, rig.Logs);
        BackupImage.RemoveAll(rig.Disk);
        Assert.Empty(rig.Disk.Paths(BackupImage.Root));
    }

    [Theory, Seeds(100)]
    public async Task Damage_in_a_backup_is_refused_with_the_file_and_nothing_is_restored(int seed)
    {
        var random = new Random(seed);
        var backup = await BackupAsync(random);
        string[] paths = [.. backup.Paths("")];
        var path = paths[random.Next(paths.Length)];
        var bytes = backup.Bytes(path);
        if (bytes.Length == 0 || random.Next(4) == 0) backup.Delete(path);
        else if (random.Next(2) == 0) backup.FlipBit(path, random.Next(Checked(path, bytes)));
        else backup.Put(path, bytes.AsSpan(0, random.Next(Checked(path, bytes))));

        var target = new MemoryDisk();
        var refused = Assert.Throws<FaultException>(() => new BackupRestore(backup, target).Run(BackupReading.Read(backup), static _ => { }, Stop));
        Assert.Equal(Fault.Corrupt, refused.Fault);
        Assert.Contains(path.Replace(".sha256", "", StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.Empty(target.Paths(""));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/cron.d/evil")]
    [InlineData("log/../../evil")]
    [InlineData("log//x")]
    [InlineData("log/./x")]
    [InlineData("log\\..\\x")]
    [InlineData("a\u0000b")]
    [InlineData("")]
    [InlineData("checkpoints/below")]
    [InlineData("checkpoints")]
    [InlineData("restore.unfinished")]
    public async Task A_manifest_that_leads_elsewhere_is_refused(string path)
    {
        var backup = await BackupAsync(new Random(1));
        Rewrite(backup, manifest => ((JsonArray)manifest["files"]!).Add(new JsonObject { ["path"] = path, ["bytes"] = 0, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData([])) }));
        var refused = Assert.Throws<FaultException>(() => BackupReading.Read(backup));
        Assert.Contains("backup.json lists", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"format":2,"taken":"2026-01-01T00:00:00Z","files":[]}""")]
    [InlineData("""{"format":1,"taken":"2026-01-01T00:00:00Z","files":null}""")]
    [InlineData("""{"format":1,"taken":"2026-01-01T00:00:00Z","files":[null]}""")]
    [InlineData("""{"format":1,"taken":"2026-01-01T00:00:00Z","files":[{"path":null,"bytes":1,"sha256":""}]}""")]
    [InlineData("""{"format":1,"taken":"2026-01-01T00:00:00Z","files":[{"path":"a","bytes":-1,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}""")]
    [InlineData("""{"format":1,"taken":"2026-01-01T00:00:00Z","files":[{"path":"a","bytes":1,"sha256":"zz"}]}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("null")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("")]
    public void A_manifest_that_nobody_wrote_is_refused(string manifest)
    {
        var backup = new MemoryDisk();
        Put(backup, Encoding.UTF8.GetBytes(manifest));
        Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => BackupReading.Read(backup)).Fault);
    }

    [Fact]
    public async Task A_full_disk_ends_a_restore_and_leaves_nothing()
    {
        var backup = await BackupAsync(new Random(1));
        var target = new MemoryDisk { Capacity = 5000 };
        Assert.Throws<IOException>(() => new BackupRestore(backup, target).Run(BackupReading.Read(backup), static _ => { }, Stop));
        Assert.Empty(target.Paths(""));
    }

    [Fact]
    public async Task A_file_too_many_in_a_backup_is_told_by_verify_and_left_out_by_restore()
    {
        var backup = await BackupAsync(new Random(1));
        backup.Put("data/log/ingress/0/99999999999999999999.log", "x"u8);
        Assert.Contains("99999999999999999999.log", Assert.Single(BackupReading.Check(backup, BackupReading.Read(backup), Stop)), StringComparison.Ordinal);
        var target = new MemoryDisk();
        new BackupRestore(backup, target).Run(BackupReading.Read(backup), static _ => { }, Stop);
        Assert.False(target.Exists("log/ingress/0/99999999999999999999.log"));
    }

    // Behind the sum of the manifest stands the name of the file, for people.
    private static int Checked(string path, byte[] bytes) => path == BackupManifest.SumName ? 64 : bytes.Length;

    private static async Task<MemoryDisk> BackupAsync(Random random)
    {
        await using var rig = new DataRig(random);
        rig.GoOn(10);
        using var image = await BackupImage.TakeAsync(rig.Disk, rig.Logs);
        return Copy(rig.Disk, image, new MemoryDisk());
    }

    private static MemoryDisk Copy(MemoryDisk disk, BackupImage image, MemoryDisk target)
    {
        var writer = Writer(disk, image, target, null, static _ => false);
        foreach (var file in image.Files) writer.Copy(file, static _ => { }, Stop);
        writer.Finish(DateTimeOffset.UnixEpoch);
        return target;
    }

    private static BackupWriter Writer(MemoryDisk disk, BackupImage image, MemoryDisk target, BackupManifest? older, Func<string, bool> takeOver)
    {
        var root = new MemoryDisk();
        foreach (var path in disk.Paths(image.Directory)) root.Put(path[(image.Directory.Length + 1)..], disk.Bytes(path));
        return new BackupWriter(root, target, older?.Files.ToDictionary(static file => file.Path) ?? [], takeOver);
    }

    private static SortedDictionary<(string, long), double> Reopened(MemoryDisk disk) => new DataRig(new Random(1), disk).Rows;

    private static void Rewrite(MemoryDisk backup, Action<JsonObject> change)
    {
        var manifest = (JsonObject)JsonNode.Parse(backup.Bytes(BackupManifest.FileName))!;
        change(manifest);
        Put(backup, JsonSerializer.SerializeToUtf8Bytes(manifest));
    }

    private static void Put(MemoryDisk backup, byte[] manifest)
    {
        backup.Put(BackupManifest.FileName, manifest);
        backup.Put(BackupManifest.SumName, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(manifest)) + "  backup.json\n"));
    }
}
