using System.Buffers;
using System.Text;
using Millrace.Connectors.Redis;
using Millrace.Tests.Storage;

namespace Millrace.Tests.Connectors;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", RespKind.Simple, 0, "OK")]
    [InlineData("+\r\n", RespKind.Simple, 0, "")]
    [InlineData("-WRONGTYPE no\r\n", RespKind.Error, 0, "WRONGTYPE no")]
    [InlineData(":-42\r\n", RespKind.Integer, -42, "")]
    [InlineData(":9223372036854775807\r\n", RespKind.Integer, long.MaxValue, "")]
    [InlineData(":-9223372036854775808\r\n", RespKind.Integer, long.MinValue, "")]
    [InlineData("$3\r\na\r\n\r\n", RespKind.Bulk, 0, "a\r\n")]
    [InlineData("$0\r\n\r\n", RespKind.Bulk, 0, "")]
    [InlineData("$-1\r\n", RespKind.Null, 0, "")]
    [InlineData("*-1\r\n", RespKind.Null, 0, "")]
    [InlineData("_\r\n", RespKind.Null, 0, "")]
    [InlineData("*2\r\n", RespKind.Array, 2, "")]
    [InlineData("%2\r\n", RespKind.Array, 4, "")]
    [InlineData("~1\r\n", RespKind.Array, 1, "")]
    [InlineData(">1\r\n", RespKind.Array, 1, "")]
    [InlineData("#t\r\n", RespKind.Simple, 0, "t")]
    [InlineData(",1.5\r\n", RespKind.Simple, 0, "1.5")]
    [InlineData("!5\r\nERR x\r\n", RespKind.Error, 0, "ERR x")]
    [InlineData("=5\r\ntxt:x\r\n", RespKind.Bulk, 0, "txt:x")]
    public void A_token_is_read_when_it_is_whole_and_not_before(string text, object kind, long number, string value)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal((RespRead.NeedMore, 0), (RespReader.TryRead(bytes.AsSpan(0, length), out _, out var none), none));
        Assert.Equal(RespRead.Done, RespReader.TryRead([.. bytes, (byte)'+'], out var token, out var used));
        Assert.Equal(bytes.Length, used);
        Assert.Equal(((RespKind)kind, number, value), (token.Kind, token.Number, Encoding.ASCII.GetString(token.Text)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("?")]
    [InlineData(":\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$1048577\r\n")]
    [InlineData("$1\r\nab\r\n")]
    [InlineData("$1\r\na\rb")]
    [InlineData("*8388609\r\n")]
    [InlineData("%-1\r\n")]
    [InlineData("_x\r\n")]
    [InlineData("+OK\rx")]
    public void What_is_not_the_protocol_is_said_to_be_so(string text) =>
        Assert.Equal(RespRead.Malformed, RespReader.TryRead(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void A_line_that_never_ends_is_not_waited_for() =>
        Assert.Equal(RespRead.Malformed, RespReader.TryRead([(byte)'+', .. new byte[RespReader.MaxLine]], out _, out _));

    [Theory, Seeds(300)]
    public void Whatever_bytes_come_the_reader_ends_within_them(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(64)];
        foreach (ref var one in bytes.AsSpan()) one = random.Next(3) == 0 ? (byte)random.Next(256) : "+-:$*_#,(=!~>%\r\n0129"u8[random.Next(20)];
        for (var at = 0; at < bytes.Length;)
        {
            var read = RespReader.TryRead(bytes.AsSpan(at), out var token, out var used);
            Assert.True(read == RespRead.Done ? used > 0 && used <= bytes.Length - at && token.Text.Length <= used : used == 0);
            if (read != RespRead.Done) return;
            at += used;
        }
    }

    [Theory, Seeds(100)]
    public void Commands_are_read_back_as_they_were_written_whatever_stands_in_them(int seed)
    {
        var random = new Random(seed);
        var arguments = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, random.Next(20)).Select(_ => (byte)random.Next(256)).ToArray()).ToArray();
        var written = new ArrayBufferWriter<byte>();
        RespWriter.Begin(written, arguments.Length);
        foreach (var argument in arguments) RespWriter.Argument(written, argument);
        var rest = written.WrittenSpan;
        Assert.Equal(RespRead.Done, RespReader.TryRead(rest, out var head, out var used));
        Assert.Equal((RespKind.Array, (long)arguments.Length), (head.Kind, head.Number));
        foreach (var argument in arguments)
        {
            rest = rest[used..];
            Assert.Equal(RespRead.Done, RespReader.TryRead(rest, out var token, out used));
            Assert.True(token.Text.SequenceEqual(argument));
        }

        Assert.Equal(rest.Length, used);
    }
}
