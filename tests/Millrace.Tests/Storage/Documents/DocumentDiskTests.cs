using Millrace.Contracts;
using Millrace.Storage.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

/// <summary>Disks that are full or fail, and journals that grow.</summary>
public sealed class DocumentDiskTests
{
    private const string Unfinished = DocumentStore.Path + ".tmp";
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_full_disk_holds_everything_up_until_it_has_room()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            documents.CommitNumbers(0, 5);
            _disk.Capacity = _disk.Bytes(DocumentStore.Path).Length + 30;
            documents.Write(5, documents.Told.Listener("A"));
            documents.Store.CommitNow();
            documents.Write(6, documents.Told.Listener("B"));
            documents.Store.CommitNow();
            Assert.Empty(documents.Told.Calls);
            documents.AssertHoldsNumbers(0, 7);
            var health = documents.Store.Health;
            Assert.False(health.Healthy);
            Assert.Equal(documents.Clock.GetUtcNow(), health.Since);
            Assert.Contains("documents/journal cannot be written: No space left on device (", health.Message, StringComparison.Ordinal);

            _disk.Capacity = long.MaxValue;
            documents.Store.CommitNow();
            Assert.Equal(["A 6", "B 7"], documents.Told.Calls);
            Assert.True(documents.Store.Health.Healthy);
        }

        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 7);
    }

    [Fact]
    public async Task While_the_disk_is_full_what_waits_is_bounded_and_what_is_turned_away_has_changed_nothing()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        _disk.Capacity = 10;
        var taken = 0;
        FaultException? full = null;
        while (full is null)
        {
            documents.Store.CommitNow();
            try
            {
                documents.Write(taken);
                taken++;
            }
            catch (FaultException e)
            {
                full = e;
            }
        }

        Assert.Equal(Fault.Unavailable, full.Fault);
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.InRange(taken, 50, 200);
        documents.AssertHoldsNumbers(0, taken);

        _disk.Capacity = long.MaxValue;
        documents.Store.CommitNow();
        Assert.Equal(taken + 1, documents.Write(taken));
    }

    [Fact]
    public async Task After_a_failed_fsync_everything_goes_on_in_a_new_file()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            documents.CommitNumbers(0, 3);
            var old = _disk.Bytes(DocumentStore.Path);
            _disk.FailSyncs(1);
            documents.Write(3, documents.Told.Listener("A"));
            documents.Store.CommitNow();
            Assert.Empty(documents.Told.Calls);
            _disk.FailSyncs(1);
            documents.Store.CommitNow();
            Assert.False(documents.Store.Health.Healthy);
            Assert.Equal([DocumentStore.Path], _disk.Paths("documents"));

            documents.Store.CommitNow();
            Assert.Equal(["A 4"], documents.Told.Calls);
            Assert.True(documents.Store.Health.Healthy);
            Assert.False(_disk.Bytes(DocumentStore.Path).AsSpan().StartsWith(old));
            documents.CommitNumbers(4, 1);
        }

        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 5);
        Assert.Equal(1, _disk.OpenFiles);
    }

    [Fact]
    public async Task Closing_gives_up_after_one_more_try_and_tells_nobody()
    {
        var documents = new DocumentsUnderTest(_disk);
        documents.CommitNumbers(0, 1);
        _disk.Capacity = 0;
        documents.Write(1, documents.Told.Listener("A"));
        await documents.DisposeAsync();
        Assert.Empty(documents.Told.Calls);
        Assert.Equal(0, _disk.OpenFiles);

        _disk.Capacity = long.MaxValue;
        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 1);
    }

    [Fact]
    public async Task A_journal_does_not_grow_for_ever()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
            for (var i = 0; i < 2000; i++)
            {
                documents.CommitNumbers(i % 10, 1);
                Assert.InRange(_disk.Bytes(DocumentStore.Path).Length, 1, 2500);
            }

        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 10);
    }

    [Fact]
    public async Task While_a_journal_is_written_anew_commits_go_on_step_by_step()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        documents.CommitNumbers(0, 100);
        var steps = 0;
        for (var i = 0; !_disk.Exists(Unfinished); i++) documents.CommitNumbers(i % 100, 1);
        for (var i = 0; _disk.Exists(Unfinished); i++, steps++)
        {
            var told = documents.Told.Calls.Count;
            documents.Write(i % 100, documents.Told.Listener("A"));
            documents.Store.CommitNow();
            Assert.Equal(told + 1, documents.Told.Calls.Count);
        }

        Assert.InRange(steps, 5, 100);
        await using var again = new DocumentsUnderTest(_disk.Copy());
        again.AssertHoldsNumbers(0, 100);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_anew_goes_on_as_it_is()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            documents.CommitNumbers(0, 50);
            for (var i = 0; !_disk.Exists(Unfinished); i++) documents.CommitNumbers(i % 50, 1);
            _disk.Capacity = _disk.Bytes(DocumentStore.Path).Length + _disk.Bytes(Unfinished).Length + 60;
            documents.Write(50, documents.Told.Listener("A"));
            documents.Store.CommitNow();
            Assert.False(_disk.Exists(Unfinished));
            Assert.Equal(["A"], documents.Told.Calls.Select(static call => call[..1]));
            Assert.True(documents.Store.Health.Healthy);

            _disk.Capacity = long.MaxValue;
            for (var i = 0; i < 300; i++) documents.CommitNumbers(i % 51, 1);
            Assert.InRange(_disk.Bytes(DocumentStore.Path).Length, 1, 6000);
        }

        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 51);
    }
}
