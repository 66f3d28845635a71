using System.Text;
using Millrace.Contracts;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class LogStoreTests
{
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("größe")]
    public async Task A_name_that_could_leave_its_directory_is_refused(string name)
    {
        await using var log = new LogUnderTest(_disk);
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => log.Store.GetOrCreate(name, 1)).Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public async Task A_senseless_number_of_partitions_is_refused(int partitions)
    {
        await using var log = new LogUnderTest(_disk);
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => log.Store.GetOrCreate("other", partitions)).Fault);
    }

    [Fact]
    public async Task A_log_keeps_its_number_of_partitions_for_ever()
    {
        await using (var log = new LogUnderTest(_disk, partitions: 3))
        {
            Assert.Same(log.Log, log.Store.GetOrCreate("ingress", 3));
            Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => log.Store.GetOrCreate("ingress", 2)).Fault);
        }

        var e = Assert.Throws<FaultException>(() => new LogUnderTest(_disk, partitions: 4));
        Assert.Equal(Fault.Refused, e.Fault);
        Assert.Contains("has 3 partitions, not 4", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"partitions\":\"many\"}")]
    [InlineData("{\"partitions\":0}")]
    [InlineData("{\"partitions\":99999999999}")]
    [InlineData("null")]
    public async Task A_spoiled_manifest_is_corrupt(string text)
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 1);
        _disk.Put("log/ingress/log.json", Encoding.UTF8.GetBytes(text));
        Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => new LogUnderTest(_disk)).Fault);
        _disk.Delete("log/ingress/log.json");
        Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => new LogUnderTest(_disk)).Fault);
    }

    [Fact]
    public async Task Keys_find_their_partition_in_every_version_of_the_program_and_are_spread_evenly()
    {
        await using var log = new LogUnderTest(_disk, partitions: 8);
        (string Key, int Partition)[] known = [("", 0), ("a", 7), ("car-1", 1), ("car-2", 1), ("1NXBR32E84Z995078", 0)];
        Assert.All(known, one => Assert.Equal(one, (one.Key, log.Log.PartitionFor(Encoding.UTF8.GetBytes(one.Key)).Index)));

        var counts = new int[8];
        for (var i = 0; i < 8000; i++) counts[log.Log.PartitionFor(Encoding.UTF8.GetBytes($"car-{i:D6}")).Index]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Every_mistake_in_the_options_is_named_at_once()
    {
        Assert.Empty(new LogOptions().Check());
        var wrong = new LogOptions
        {
            SegmentSize = ByteSize.KiB(1),
            MaxAge = TimeSpan.Zero,
            MaxBytes = new(1),
            MaxPending = new(1),
            MaxRecordSize = new(2),
            MaxFrameSize = new(0),
            CommitDelay = TimeSpan.FromSeconds(-1),
        };
        Assert.Equal(7, wrong.Check().Select(problem => problem.Where).Distinct().Count());
    }
}
