using System.Text;
using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Objects;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage;

/// <summary>Objects by bucket and key: any key has a place of its own, and none outside.</summary>
public sealed class ObjectTests
{
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData("cars/2021/a.json", "objects/b/cars/2021/a.json")]
    [InlineData("dt=2021-01-01/08:20 +1", "objects/b/dt=2021-01-01/08:20%20+1")]
    [InlineData("/a//b/", "objects/b/%/a/%/b/%")]
    [InlineData("../../etc/passwd", "objects/b/%2E%2E/%2E%2E/etc/passwd")]
    [InlineData("./...", "objects/b/%2E/%2E%2E%2E")]
    [InlineData("a%2Fb\\c*", "objects/b/a%252Fb%5Cc%2A")]
    [InlineData("ä\n\0", "objects/b/%C3%A4%0A%00")]
    public void A_key_has_a_path(string key, string expected)
    {
        Assert.Null(ObjectPath.Find("b", Encoding.UTF8.GetBytes(key), out var path));
        Assert.Equal(expected, path);
    }

    [Fact]
    public void No_two_keys_share_a_path_and_none_leads_out()
    {
        var random = new Random(3);
        const string Signs = "ab./%\\ :ä.../";
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 20_000; i++)
        {
            var key = new string([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Signs[random.Next(Signs.Length)])]);
            if (i % 4 == 0) key = new string('x', random.Next(195, 205)) + key + new string('.', random.Next(0, 3));
            Assert.Null(ObjectPath.Find("b", Encoding.UTF8.GetBytes(key), out var path));
            if (!seen.TryAdd(path, key)) Assert.Equal(seen[path], key);
            Assert.All(path.Split('/'), static part => Assert.True(part.Length is > 0 and < 230 && part.Trim('.').Length > 0, part));
            Assert.StartsWith("/data/objects/b/", Path.GetFullPath("/data/" + path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "k")]
    [InlineData("..", "k")]
    [InlineData(".unfinished", "k")]
    [InlineData("a/b", "k")]
    [InlineData("b", "")]
    public void What_can_be_no_object_is_refused(string bucket, string key) => Assert.NotNull(ObjectPath.Find(bucket, Encoding.UTF8.GetBytes(key), out _));

    [Fact]
    public void A_key_of_a_kilobyte_fits_and_a_longer_one_does_not()
    {
        Assert.Null(ObjectPath.Find("b", new byte[1024].AsSpan(), out _) is { } wrong && wrong.Contains("path of", StringComparison.Ordinal) ? null : "it fits");
        Assert.Null(ObjectPath.Find("b", Encoding.UTF8.GetBytes(new string('k', 1024)), out _));
        Assert.NotNull(ObjectPath.Find("b", Encoding.UTF8.GetBytes(new string('k', 1025)), out _));
    }

    [Fact]
    public void An_object_is_not_put_below_another_nor_over_others()
    {
        var store = new ObjectStore(_disk);
        Assert.Null(Put(store, "a/b"));
        Assert.Contains("below another", Put(store, "a/b/c"), StringComparison.Ordinal);
        Assert.Contains("objects below this key", Put(store, "a"), StringComparison.Ordinal);
        Assert.Null(Put(store, "a/b"));
        Assert.Equal("x"u8.ToArray(), store.Find("b", "a/b"));
        Assert.Null(store.Find("b", "nothing"));
        Assert.Equal(0, _disk.OpenFiles);
    }

    [Fact]
    public void A_full_disk_is_tried_again_later()
    {
        _disk.Capacity = 0;
        var fault = Assert.Throws<FaultException>(() => Put(new ObjectStore(_disk), "a"));
        Assert.Equal(Fault.Unavailable, fault.Fault);
        Assert.Null(AtomicFile.Read(_disk, "objects/b/a"));
    }

    private static string? Put(ObjectStore store, string key)
    {
        Assert.Null(ObjectPath.Find("b", Encoding.UTF8.GetBytes(key), out var path));
        return store.Put(path, "objects/.unfinished/t.tmp", "x"u8);
    }
}
