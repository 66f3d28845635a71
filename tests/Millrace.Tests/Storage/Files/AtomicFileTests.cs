using Millrace.Storage.Files;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Files;

public sealed class AtomicFileTests
{
    [Theory, Seeds(100)]
    public void After_a_crash_the_old_or_the_new_file_is_there_whole(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        AtomicFile.Write(disk, "a/b.json", Content(0));
        var safe = 0;
        for (var i = 1; i < 10; i++)
        {
            disk.CrashAfter(random.Next(1, 12));
            try
            {
                AtomicFile.Write(disk, "a/b.json", Content(i));
                safe = i;
            }
            catch (IOException)
            {
                Assert.True(disk.Crashed);
            }

            disk.Restart();
            var read = AtomicFile.Read(disk, "a/b.json");
            Assert.NotNull(read);
            Assert.InRange(read[0], safe, i);
            Assert.Equal(Content(read[0]), read);
            safe = read[0];
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_null() => Assert.Null(AtomicFile.Read(new MemoryDisk(), "a"));

    private static byte[] Content(int number) => [.. Enumerable.Repeat((byte)number, 3000)];
}
