using System.Text;
using Millrace.Contracts;
using Millrace.Storage.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

public sealed class DocumentRecoveryTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_torn_tail_is_cut_wherever_it_tore_and_the_journal_goes_on()
    {
        var (bytes, last) = await ThreeCommitsAsync();
        for (var cut = last; cut < bytes.Length; cut++)
        {
            _disk.Put(DocumentStore.Path, bytes.AsSpan(0, cut));
            await using (var documents = new DocumentsUnderTest(_disk))
            {
                documents.AssertHoldsNumbers(0, 2);
                Assert.Equal(last, _disk.Bytes(DocumentStore.Path).Length);
                documents.CommitNumbers(2, 1);
            }

            await using var again = new DocumentsUnderTest(_disk);
            again.AssertHoldsNumbers(0, 3);
        }
    }

    [Fact]
    public async Task A_flipped_bit_is_corrupt_except_in_the_last_commit_where_it_looks_torn()
    {
        var (bytes, last) = await ThreeCommitsAsync();
        for (var at = 0; at < bytes.Length; at++)
        {
            _disk.Put(DocumentStore.Path, bytes);
            _disk.FlipBit(DocumentStore.Path, at);
            if (at >= last)
            {
                await using var documents = new DocumentsUnderTest(_disk);
                documents.AssertHoldsNumbers(0, 2);
            }
            else
            {
                AssertCorrupt($"{DocumentStore.Path}, byte ");
                Assert.Equal(bytes.Length, _disk.Bytes(DocumentStore.Path).Length);
            }
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_journal_written_anew_is_never_taken_for_a_torn_commit()
    {
        await using (var documents = new DocumentsUnderTest(_disk))
        {
            documents.CommitNumbers(0, 3);
            _disk.FailSyncs(1);
            documents.Write(3);
            documents.Store.CommitNow();
            documents.Store.CommitNow();
        }

        var bytes = _disk.Bytes(DocumentStore.Path);
        var witness = bytes.Length - JournalFrameHeader.Size;
        for (var at = 0; at < bytes.Length; at++)
        {
            _disk.Put(DocumentStore.Path, bytes);
            _disk.FlipBit(DocumentStore.Path, at);
            if (at < witness)
            {
                AssertCorrupt($"{DocumentStore.Path}, byte ");
                continue;
            }

            await using var again = new DocumentsUnderTest(_disk);
            again.AssertHoldsNumbers(0, 4);
        }
    }

    [Fact]
    public async Task A_value_that_is_a_piece_of_a_journal_is_no_frame()
    {
        var (bytes, _) = await ThreeCommitsAsync();
        await using (var documents = new DocumentsUnderTest(_disk, new DocumentOptions()))
        {
            documents.Store.Write([new("copies", "journal", bytes)], null);
            documents.Store.CommitNow();
        }

        var whole = _disk.Bytes(DocumentStore.Path);
        _disk.Put(DocumentStore.Path, whole.AsSpan(0, whole.Length - 1));
        await using var again = new DocumentsUnderTest(_disk);
        again.AssertHoldsNumbers(0, 3);
        Assert.Empty(again.Store.List("copies"));
    }

    [Fact]
    public async Task A_good_frame_behind_a_bad_one_is_found_wherever_it_begins()
    {
        // The file is searched in windows of 64 KiB: the magic of the last frame moves across the edge of the first.
        for (var size = 65_536 - 100; size < 65_536; size++)
        {
            var disk = new MemoryDisk();
            await using (var documents = new DocumentsUnderTest(disk, new DocumentOptions()))
            {
                documents.CommitNumbers(0, 1);
                documents.Store.Write([new("large", "a", new byte[size])], null);
                documents.Store.CommitNow();
                documents.CommitNumbers(1, 1);
            }

            var bytes = disk.Bytes(DocumentStore.Path);
            var last = bytes.AsSpan().LastIndexOf(JournalFrameHeader.Magic);
            var bad = bytes.AsSpan(0, last).LastIndexOf(JournalFrameHeader.Magic);
            disk.FlipBit(DocumentStore.Path, bad);
            var corrupt = Assert.Throws<FaultException>(() => new DocumentsUnderTest(disk));
            Assert.StartsWith($"{DocumentStore.Path}, byte {bad}: ", corrupt.Message, StringComparison.Ordinal);
            Assert.Contains($"one at byte {last} ", corrupt.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("MILLDOC1")]
    [InlineData("MILLDOC2 and a good deal more than a header")]
    public void A_file_that_does_not_begin_as_a_journal_is_corrupt(string text)
    {
        _disk.Put(DocumentStore.Path, Encoding.UTF8.GetBytes(text));
        AssertCorrupt($"{DocumentStore.Path}, byte 0: this is not the beginning of a journal");
    }

    [Theory, Seeds(50)]
    public async Task Garbage_behind_the_last_commit_is_cut(int seed)
    {
        var random = new Random(seed);
        var (bytes, _) = await ThreeCommitsAsync();
        var garbage = new byte[random.Next(1, 3000)];
        if (random.Next(2) == 0) random.NextBytes(garbage);
        for (var i = random.Next(5); i > 0; i--)
            if (random.Next(garbage.Length) is var at && at + 4 <= garbage.Length) JournalFrameHeader.Magic.CopyTo(garbage.AsSpan(at));
        _disk.Put(DocumentStore.Path, [.. bytes, .. garbage]);
        await using var documents = new DocumentsUnderTest(_disk);
        documents.AssertHoldsNumbers(0, 3);
        Assert.Equal(bytes.Length, _disk.Bytes(DocumentStore.Path).Length);
    }

    [Fact]
    public async Task A_frame_whose_checksum_fits_and_whose_changes_do_not_is_corrupt()
    {
        var (bytes, last) = await ThreeCommitsAsync();
        Assert.True(JournalHeader.TryRead(bytes, out _, out var seed));
        foreach (var (at, value) in new[] { (0, 0), (0, 65), (1, 0), (1, 2), (3, 9), (5, 99) })
        {
            var spoiled = bytes.ToArray();
            var frame = spoiled.AsSpan(last);
            frame[JournalFrameHeader.Size + at] = (byte)value;
            new JournalFrameHeader(frame.Length - JournalFrameHeader.Size, 1, last).Seal(frame, seed);
            _disk.Put(DocumentStore.Path, spoiled);
            AssertCorrupt($"{DocumentStore.Path}, byte ");
        }
    }

    [Fact]
    public async Task What_a_rewriting_left_behind_is_removed()
    {
        var (bytes, _) = await ThreeCommitsAsync();
        _disk.Put(DocumentStore.Path + ".tmp", bytes.AsSpan(0, 40));
        await using var documents = new DocumentsUnderTest(_disk);
        Assert.Equal([DocumentStore.Path], _disk.Paths("documents"));
        documents.AssertHoldsNumbers(0, 3);
    }

    /// <returns>The journal, and where the last commit begins in it.</returns>
    private async Task<(byte[] Bytes, int Last)> ThreeCommitsAsync()
    {
        await using (var documents = new DocumentsUnderTest(_disk)) documents.CommitNumbers(0, 3);
        var bytes = _disk.Bytes(DocumentStore.Path);
        return (bytes, bytes.AsSpan().LastIndexOf(JournalFrameHeader.Magic));
    }

    private void AssertCorrupt(string where)
    {
        var corrupt = Assert.Throws<FaultException>(() => new DocumentsUnderTest(_disk));
        Assert.Equal(Fault.Corrupt, corrupt.Fault);
        Assert.StartsWith(where, corrupt.Message, StringComparison.Ordinal);
        Assert.Equal(0, _disk.OpenFiles);
    }
}
