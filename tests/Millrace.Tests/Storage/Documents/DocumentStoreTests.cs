using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

public sealed class DocumentStoreTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task Documents_are_seen_at_once_and_found_after_a_restart()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            var store = documents.Store;
            Assert.Null(store.Find("sessions", "car-1"));
            Assert.Empty(store.List("sessions"));
            store.Write([new("sessions", "car-1", [1]), new("sessions", "car-2", []), new("retained", "größe/ß", [9, 9])], null);
            store.Write([new("sessions", "car-1", [1, 2]), new("sessions", "gone", [3]), new("sessions", "gone", null), new("nowhere", "gone", null)], null);
            AssertThem(store);
        }

        for (var life = 0; life < 2; life++)
        {
            await using var again = new DocumentsUnderTest(_disk);
            AssertThem(again.Store);
        }

        Assert.Equal(0, _disk.OpenFiles);
        Assert.Equal([DocumentStore.Path], _disk.Paths("documents"));
    }

    [Fact]
    public async Task A_collection_is_listed_in_ordinal_order_as_of_that_moment()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        documents.Store.Write([new("n", "b", []), new("n", "a", []), new("n", "ä", []), new("n", "B", []), new("n", "a/b", [])], null);
        var listed = documents.Store.List("n");
        documents.Store.Write([new("n", "c", [])], null);
        Assert.Equal(["B", "a", "a/b", "b", "ä"], listed.Select(static document => document.Key));
    }

    [Fact]
    public async Task Where_nothing_was_written_there_is_no_file()
    {
        await using (var documents = new DocumentsUnderTest(_disk)) documents.Store.CommitNow();
        Assert.Empty(_disk.Paths("documents"));
    }

    [Fact]
    public async Task All_that_waits_shares_one_sync_and_each_listener_is_told_once_of_its_last_write_in_the_order_of_writes()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        documents.CommitNumbers(0, 1);
        var (a, b, c) = (documents.Told.Listener("A"), documents.Told.Listener("B"), documents.Told.Listener("C"));
        var before = _disk.Syncs;
        Assert.Equal([2L, 3, 4, 5, 6], new[] { a, b, a, null, c }.Select(listener => documents.Write(1, listener)));
        Assert.Equal(7, documents.Write(2, b));
        Assert.Empty(documents.Told.Calls);

        documents.Store.CommitNow();
        Assert.Equal(["A 4", "C 6", "B 7"], documents.Told.Calls);
        Assert.Equal(1, _disk.Syncs - before);
    }

    [Fact]
    public async Task A_write_without_changes_asks_whether_those_before_it_are_safe()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        documents.Write(0);
        Assert.Equal(2, documents.Store.Write([], documents.Told.Listener("A")));
        documents.Store.CommitNow();
        Assert.Equal(3, documents.Store.Write([], documents.Told.Listener("A")));
        var length = _disk.Bytes(DocumentStore.Path).Length;
        documents.Store.CommitNow();
        Assert.Equal(["A 2", "A 3"], documents.Told.Calls);
        Assert.Equal(length, _disk.Bytes(DocumentStore.Path).Length);
    }

    [Fact]
    public async Task A_listener_may_write_and_one_that_throws_harms_nobody()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        documents.Write(1, new Acts(static () => throw new InvalidOperationException("broken session")));
        documents.Write(2, new Acts(() => documents.Write(4, documents.Told.Listener("A"))));
        documents.Write(3, documents.Told.Listener("B"));
        documents.Store.CommitNow();
        Assert.Equal(["B 3"], documents.Told.Calls);
        documents.Store.CommitNow();
        Assert.Equal(["B 3", "A 4"], documents.Told.Calls);
        documents.AssertHoldsNumbers(1, 4);
    }

    [Fact]
    public async Task Closing_writes_what_waits_and_nothing_can_be_written_afterwards()
    {
        var documents = new DocumentsUnderTest(_disk);
        documents.Write(0, documents.Told.Listener("A"));
        await documents.DisposeAsync();
        await documents.DisposeAsync();
        Assert.Equal(["A 1"], documents.Told.Calls);
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => documents.Write(1)).Fault);
        documents.AssertHoldsNumbers(0, 1);

        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 1);
    }

    [Theory]
    [InlineData("", "k", 1, "the name of a collection is empty")]
    [InlineData(null, "k", 1, "the name of a collection is empty")]
    [InlineData("n", "", 1, "a key is empty")]
    [InlineData("n", null, 1, "a key is empty")]
    [InlineData("n", "k", (1024 * 1024) + 1, "n/k has 1048577 bytes")]
    public async Task What_is_beyond_a_limit_is_refused_and_nothing_changes(string? collection, string? key, int length, string why)
    {
        await using var documents = new DocumentsUnderTest(_disk);
        AssertRefused(documents.Store, why, new("n", "before", [1]), new(collection!, key!, new byte[length]), new("n", "behind", [1]));
    }

    [Fact]
    public async Task Text_that_would_come_back_as_another_one_is_refused()
    {
        await using var documents = new DocumentsUnderTest(_disk);
        AssertRefused(documents.Store, "a key is no valid text: half a surrogate pair stands at 1", new DocumentChange("n", "k\ud800", []));
        AssertRefused(documents.Store, "the name of a collection is no valid text", new DocumentChange("\udc00", "k", []));
    }

    [Fact]
    public async Task Limits_are_bytes_of_utf_8_and_what_is_at_them_is_taken()
    {
        var (collection, key) = (new string('ß', 32), new string('€', 21_845));
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            AssertRefused(documents.Store, "64", new DocumentChange(collection + "s", "k", []));
            AssertRefused(documents.Store, "65535", new DocumentChange("n", key + "e", []));
            AssertRefused(documents.Store, "in several", [.. Enumerable.Repeat(new DocumentChange("n", "k", new byte[1024 * 1024]), 16)]);
            documents.Store.Write([new(collection, key, new byte[1024 * 1024])], documents.Told.Listener("A"));
            documents.Store.CommitNow();
            Assert.Equal(["A 1"], documents.Told.Calls);
        }

        await using var again = new DocumentsUnderTest(_disk);
        Assert.Equal(1024 * 1024, again.Store.Find(collection, key)?.Length);
    }

    [Fact]
    public async Task A_write_makes_no_garbage_beyond_what_is_kept()
    {
        await using var store = DocumentStore.OpenUnthreaded(_disk, new DocumentOptions(), new ManualClock(), NullLogger.Instance);
        var listener = new Acts(static () => { });
        DocumentChange[] changes = [new("sessions", "car-1", new byte[100]), new("sessions", "gone", null)];
        for (var i = 0; i < 6; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 1000; n++) store.Write(changes, listener);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            store.CommitNow();
            // Until the store's two queues have grown.
            if (i >= 3) Assert.Equal(0, allocated);
        }
    }

    private static void AssertThem(DocumentStore store)
    {
        Assert.Equal(["car-1", "car-2"], store.List("sessions").Select(static document => document.Key));
        Assert.Equal([1, 2], store.Find("sessions", "car-1"));
        Assert.Empty(store.Find("sessions", "car-2")!);
        Assert.Equal([9, 9], store.Find("retained", "größe/ß"));
        Assert.Null(store.Find("sessions", "gone"));
        Assert.Empty(store.List("nowhere"));
    }

    private static void AssertRefused(DocumentStore store, string why, params DocumentChange[] changes)
    {
        var refused = Assert.Throws<FaultException>(() => store.Write(changes, null));
        Assert.Equal(Fault.Refused, refused.Fault);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 300);
        Assert.Empty(store.List("n"));
    }

    private sealed class Acts(Action act) : IWriteListener
    {
        public void Written(long number) => act();
    }
}
