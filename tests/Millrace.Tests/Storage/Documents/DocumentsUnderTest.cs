using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

/// <summary>A store without a thread of its own on a disk of the test's: commits when it is told to.</summary>
internal sealed class DocumentsUnderTest : IAsyncDisposable
{
    public DocumentsUnderTest(IDisk disk, DocumentOptions? options = null) =>
        Store = DocumentStore.OpenUnthreaded(disk, options ?? Small, Clock, NullLogger.Instance);

    /// <summary>So small that a few hundred writes see everything.</summary>
    public static DocumentOptions Small { get; } = new() { MaxPending = ByteSize.KiB(8), RewriteFrom = ByteSize.KiB(2), RewriteStep = new(300) };

    public ManualClock Clock { get; } = new();

    public DocumentStore Store { get; }

    public WrittenLog Told { get; } = new();

    /// <summary>A document <c>n/{number}</c> with the number in it; each number its own write and commit.</summary>
    public void CommitNumbers(int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            Write(i);
            Store.CommitNow();
        }
    }

    public long Write(int number, IWriteListener? listener = null) => Store.Write([Number(number)], listener);

    /// <summary>Asserts that exactly these documents are there.</summary>
    public void AssertHoldsNumbers(int from, int count) =>
        Assert.Equal(
            Enumerable.Range(from, count).Select(Number).Select(static number => (number.Key, Text(number.Value!))).OrderBy(static number => number.Key),
            Store.List("n").Select(static document => (document.Key, Text(document.Value))));

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static DocumentChange Number(int number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new DocumentChange("n", text, Encoding.UTF8.GetBytes(text));
    }

    private static string Text(byte[] value) => Encoding.UTF8.GetString(value);
}
