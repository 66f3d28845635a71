using Millrace.Connectors.Redis;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Answers of a Redis with bytes changed, whole and in pieces: the reader ends within them, and finds the same tokens however they were cut.</summary>
internal sealed class RespTarget : IFuzzTarget
{
    private static readonly byte[] Sample = [.. "+OK\r\n*3\r\n:42\r\n$5\r\nhello\r\n-WRONGTYPE no\r\n$-1\r\n%1\r\n+a\r\n,1.5\r\n=7\r\ntxt:abc\r\n>1\r\n_\r\n#t\r\n"u8];

    public string Name => "resp";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var bytes = Mutation.Of(random, Sample, Sample);
        input.Add("bytes", bytes);
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes.AsSpan(at);
            var read = RespReader.TryRead(rest, out var token, out var used);
            BrokenPromiseException.Unless(read == RespRead.Done ? used > 0 && used <= rest.Length : used == 0, "A token ends within what was given.");
            if (read != RespRead.Done) return;
            var part = random.Next(used);
            BrokenPromiseException.Unless(RespReader.TryRead(rest[..part], out _, out _) == RespRead.NeedMore, $"{part} of {used} bytes of a token are not a token and not nonsense.");
            BrokenPromiseException.Unless(
                RespReader.TryRead(rest[..used], out var same, out _) == RespRead.Done && same.Kind == token.Kind && same.Number == token.Number && same.Text.SequenceEqual(token.Text),
                "What follows a token does not change it.");
            at += used;
        }
    }
}
