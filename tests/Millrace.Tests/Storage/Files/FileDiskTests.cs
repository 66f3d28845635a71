using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Tests.Storage.Files;

/// <summary>The one place where these tests touch a real disk: what stands between the fakes and the kernel.</summary>
public sealed class FileDiskTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("millrace-test-").FullName;

    [Fact]
    public void Files_are_written_read_listed_renamed_and_deleted()
    {
        var disk = new FileDisk(_root);
        using (var file = disk.Open("a/b/one"))
        {
            file.Write(3, "xyz"u8);
            file.Sync();
            Assert.Equal(6, file.Length);
            var bytes = new byte[10];
            Assert.Equal(5, file.Read(1, bytes));
            Assert.Equal([0, 0, (byte)'x', (byte)'y', (byte)'z'], bytes[..5]);
            file.SetLength(4);
            Assert.Equal(0, file.Read(4, bytes));
        }

        using (disk.Open("a/b/two")) { }
        disk.Rename("a/b/one", "a/b/two");
        disk.SyncDirectory("a/b");
        Assert.Equal(["two"], disk.List("a/b"));
        Assert.Equal(["b"], disk.List("a"));
        disk.Delete("a/b/two");
        Assert.False(disk.Exists("a/b/two"));
        Assert.Empty(disk.List("nowhere"));
        Assert.True(disk.FreeBytes > 0);
    }

    [Fact]
    public void A_data_directory_has_one_owner_and_the_second_one_is_told_who()
    {
        using (DataDirectory.Lock(_root))
        {
            var e = Assert.Throws<FaultException>(() => DataDirectory.Lock(_root));
            Assert.Equal(Fault.Unavailable, e.Fault);
            Assert.Contains(_root, e.Message, StringComparison.Ordinal);
            Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), e.Message, StringComparison.Ordinal);
        }

        DataDirectory.Lock(_root).Dispose();
    }

    [Fact]
    public void A_data_directory_that_cannot_be_made_is_unavailable_with_the_reason()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        var e = Assert.Throws<FaultException>(() => DataDirectory.Lock(Path.Combine(_root, "file")));
        Assert.Equal(Fault.Unavailable, e.Fault);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
