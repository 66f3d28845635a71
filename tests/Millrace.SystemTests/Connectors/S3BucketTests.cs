using System.Text;
using Millrace.Connectors.S3;
using Millrace.Contracts;

namespace Millrace.SystemTests.Connectors;

/// <summary>Objects in a server that speaks S3.</summary>
public class S3BucketTests
{
    static S3BucketTests()
    {
        foreach (var (name, value) in S3Server.Credentials) Environment.SetEnvironmentVariable(name, value);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_put_comes_back_and_is_replaced_whole()
    {
        await using var server = await S3Server.StartAsync();
        using var bucket = Open(server, "s3://millrace-cold/plant 1/ä");
        var large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        await bucket.PutAsync("a/large.blocks", new MemoryStream(large), Stop);
        await bucket.PutAsync("a/small=1", new MemoryStream("old"u8.ToArray()), Stop);
        await bucket.PutAsync("a/small=1", new MemoryStream("new"u8.ToArray()), Stop);
        Assert.Equal(large, await GetAsync(bucket, "a/large.blocks"));
        Assert.Equal("new"u8.ToArray(), await GetAsync(bucket, "a/small=1"));
        Assert.Null(await GetAsync(bucket, "a/none"));
    }

    [Fact]
    public async Task A_listing_has_all_keys_below_a_prefix_in_order_and_deleting_twice_is_no_matter()
    {
        await using var server = await S3Server.StartAsync();
        using var bucket = Open(server, "s3://millrace-cold/p");
        for (var i = 0; i < 1100; i++) await bucket.PutAsync($"many/{i:D4}", new MemoryStream([1, 2]), Stop);
        await bucket.PutAsync("other", new MemoryStream([1]), Stop);
        await bucket.DeleteAsync("many/0007", Stop);
        await bucket.DeleteAsync("many/0007", Stop);
        var found = await bucket.ListAsync("many/", Stop).ToListAsync(Stop);
        Assert.Equal(Enumerable.Range(0, 1100).Where(static i => i != 7).Select(static i => ($"many/{i:D4}", 2L)), found);
    }

    [Fact]
    public async Task A_server_that_is_away_or_a_bucket_that_is_not_there_may_come_later_and_is_named()
    {
        await using var server = await S3Server.StartAsync();
        using var nowhere = Open(server, "s3://no-such-bucket/p");
        var missing = await Assert.ThrowsAsync<FaultException>(() => nowhere.PutAsync("k", new MemoryStream([1]), Stop));
        Assert.Equal(Fault.Unavailable, missing.Fault);
        Assert.Contains("s3://no-such-bucket/p, k", missing.Message, StringComparison.Ordinal);
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => GetAsync(nowhere, "k"))).Fault);

        using var bucket = Open(server, "s3://millrace-cold");
        await bucket.PutAsync("k", new MemoryStream("kept"u8.ToArray()), Stop);
        await server.KillAsync();
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => GetAsync(bucket, "k"))).Fault);
        await server.ComeBackAsync();
        Assert.Equal("kept", Encoding.UTF8.GetString((await GetAsync(bucket, "k"))!));
    }

    [Theory]
    [InlineData("millrace-cold", null)]
    [InlineData("s3://", null)]
    [InlineData("s3://Upper/x", null)]
    [InlineData("s3://fine/x", "ftp://host")]
    [InlineData("s3://fine/x", "http://user:pass@host")]
    public void An_address_that_is_none_is_refused(string text, string? endpoint) => Assert.NotNull(S3Address.TryParse(text, endpoint, null, out _));

    private static S3Bucket Open(S3Server server, string text)
    {
        Assert.Null(S3Address.TryParse(text, server.Endpoint, null, out var address));
        return new S3Bucket(address!);
    }

    private static async Task<byte[]?> GetAsync(S3Bucket bucket, string key)
    {
        var into = new MemoryStream();
        return await bucket.TryGetAsync(key, into, Stop) ? into.ToArray() : null;
    }
}
