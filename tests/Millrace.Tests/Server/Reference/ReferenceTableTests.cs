using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Server.Reference;
using Millrace.Testing;

namespace Millrace.Tests.Server.Reference;

public sealed class ReferenceTableTests
{
    private readonly ManualClock _clock = new();
    private readonly Files _files = new();
    private readonly ReferenceTables _tables;

    public ReferenceTableTests() => _tables = new ReferenceTables(_files, _clock, NullLogger.Instance);

    [Fact]
    public void A_file_that_changed_is_read_again_within_a_second_or_so()
    {
        _files.Put("k,v\na,1\n");
        Assert.Equal("""{"k":"a","v":1}""", Find("a"));
        Assert.Null(Find("b"));
        _files.Put("k,v\na,2\nb,3\n");
        Assert.Equal("""{"k":"a","v":1}""", Find("a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"k":"a","v":2}""", Find("a"));
        Assert.Equal("""{"k":"b","v":3}""", Find("b"));
        Assert.Equal(2, _files.Reads);
    }

    [Fact]
    public void A_file_with_a_mistake_changes_nothing_and_holds_nobody()
    {
        _files.Put("k,v\na,1\n");
        Find("a");
        _files.Put("k,v\na\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"k":"a","v":1}""", Find("a"));
        Assert.Empty(_tables.Problems);
        _files.Remove();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"k":"a","v":1}""", Find("a"));
        _files.Put("k,v\na,5\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"k":"a","v":5}""", Find("a"));
    }

    [Fact]
    public void Until_the_file_is_there_those_who_need_it_wait()
    {
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => Find("a")).Fault);
        Assert.Contains("is not there", Assert.Single(_tables.Problems), StringComparison.Ordinal);
        _files.Put("k,v\na\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<FaultException>(() => Find("a"));
        Assert.Contains("cars.csv cannot be read: line 2", Assert.Single(_tables.Problems), StringComparison.Ordinal);
        _files.Put("k,v\na,1\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"k":"a","v":1}""", Find("a"));
        Assert.Empty(_tables.Problems);
    }

    private string? Find(string key) => _tables.Open("cars.csv", "k").Find(Encoding.UTF8.GetBytes(key)) is { } row ? Encoding.UTF8.GetString(row) : null;

    private sealed class Files : IReferenceFiles
    {
        private byte[]? _bytes;
        private DateTime _changed;

        public int Reads { get; private set; }

        public void Put(string text)
        {
            _bytes = Encoding.UTF8.GetBytes(text);
            _changed = _changed.AddSeconds(1);
        }

        public void Remove() => _bytes = null;

        public FileStamp? Stat(string file) => _bytes is null ? null : new FileStamp(_bytes.Length, _changed);

        public byte[] Read(string file)
        {
            Reads++;
            return _bytes ?? throw new IOException("gone");
        }
    }
}
