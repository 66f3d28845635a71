using System.IO.Compression;
using System.Text;
using Millrace.Storage.Files;
using Millrace.Storage.Lake;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Lake;

public sealed class GzipCheckTests
{
    [Fact]
    public void The_checksum_is_that_of_gzip()
    {
        Assert.Equal(0xCBF43926, Crc32.Append(0, "123456789"u8));
        Assert.Equal(Crc32.Append(0, "123456789123456789"u8), Crc32.Append(Crc32.Append(0, "1234567891"u8), "23456789"u8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    public void A_good_file_of_one_member_or_of_several_is_good(int bytes)
    {
        var member = Gzip(bytes);
        Assert.Null(FaultOf(member));
        Assert.Null(FaultOf([.. member, .. Gzip(7), .. member]));
    }

    [Theory, Seeds(200)]
    public void Text_that_is_another_after_a_bit_went_bad_is_a_fault(int seed)
    {
        var random = new Random(seed);
        byte[] file = [.. Gzip(random.Next(1, 2000)), .. random.Next(2) == 0 ? Gzip(random.Next(1, 100)) : []];
        var text = Text(file);
        file[random.Next(10, file.Length)] ^= (byte)(1 << random.Next(8));
        if (FaultOf(file) is null) Assert.Equal(text, Text(file));
    }

    [Theory, Seeds(200)]
    public void A_file_that_was_cut_ends_where_it_was_cut(int seed)
    {
        var random = new Random(seed);
        var file = Gzip(random.Next(1, 2000));
        var length = random.Next(file.Length);
        Assert.Equal(length, FaultOf(file[..length]));
    }

    [Fact]
    public void What_is_no_gzip_at_all_is_a_fault_at_its_beginning()
    {
        Assert.Equal(10, FaultOf(Encoding.UTF8.GetBytes(new string('x', 1000))));
        Assert.Equal(0, FaultOf([]));
    }

    private static long? FaultOf(byte[] bytes)
    {
        var disk = new MemoryDisk();
        disk.Put("a.gz", bytes);
        using var file = disk.Open("a.gz");
        return GzipCheck.FirstFault(file, TestContext.Current.CancellationToken);
    }

    private static byte[] Gzip(int length)
    {
        var random = new Random(length);
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(16))))));
        return bytes.ToArray();
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var reader = new StreamReader(gzip);
            return reader.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return "unreadable";
        }
    }
}
