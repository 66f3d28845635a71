using System.Text;
using Millrace.Sql.Rules.Functions.Hashes;

namespace Millrace.Tests.Sql.Functions;

public class HashAndCodingTests
{
    [Theory]
    [InlineData("md2('hello')", "a9046c73e00331af68917d3804f70655")]
    [InlineData("md2('')", "8350e5a3e24c153df2275c9f80692773")]
    [InlineData("md2('12345678901234567890123456789012345678901234567890123456789012345678901234567890')", "d5976f79d83d3a0dc9806c3c66f3efd8")]
    [InlineData("md5('hello')", "5d41402abc4b2a76b9719d911017c592")]
    [InlineData("sha1('hello')", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")]
    [InlineData("sha224('hello')", "ea09ae9cc6768c50fcee903ed054556e5bfc8347907f12598aa24193")]
    [InlineData("sha224('')", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [InlineData("sha224('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')", "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    [InlineData("sha256('hello')", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")]
    [InlineData("sha384('hello')", "59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f")]
    [InlineData("sha512('hello')", "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043")]
    public void Hashes_are_of_the_string_form(string expression, string expected) => Assert.Equal($"\"{expected}\"", Rule.Value(expression));

    [Theory]
    [InlineData("md5(nul)")]
    [InlineData("sha224(missing)")]
    public void Of_nothing_there_is_no_hash(string expression) => Assert.Null(Rule.Value(expression));

    [Fact]
    public void Texts_of_every_length_about_a_block_are_padded_right()
    {
        // The hash of all hashes of 0 to 300 bytes, by Python's hashlib.
        Span<byte> hash = stackalloc byte[28];
        var all = new List<byte>();
        for (var i = 0; i <= 300; i++)
        {
            Sha224.HashData(Enumerable.Repeat((byte)'x', i).ToArray(), hash);
            all.AddRange(hash);
        }

        Sha224.HashData(all.ToArray(), hash);
        Assert.Equal("4e1874e86ebc0635104f7fc8a171eee7597b476e6afeab0bf38c5851", Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData("encode('red', 'base64')", "\"cmVk\"")]
    [InlineData("encode('', 'base64')", "\"\"")]
    [InlineData("encode({'a': 1}, 'base64')", "\"eyJhIjoxfQ==\"")]
    [InlineData("encode(true, 'base64')", "\"dHJ1ZQ==\"")]
    [InlineData("encode(nul, 'base64')", null)]
    [InlineData("encode('a', missing)", null)]
    [InlineData("encode('a', '' + 'hex')", null)]
    [InlineData("decode('cmVk', 'base64')", "\"red\"")]
    [InlineData("decode('', 'base64')", "\"\"")]
    [InlineData("decode('NQ==', 'base64')", "5")]
    [InlineData("decode('NQ', 'base64')", "5")]
    [InlineData("decode('eyJhIjp7ImIiOlsxLDJdfX0=', 'base64').a.b[1]", "2")]
    [InlineData("decode('ImFcbiI=', 'base64')", "\"a\\n\"")]
    [InlineData("decode('dHJ1ZQ==', 'base64')", "true")]
    [InlineData("decode('bnVsbA==', 'base64')", "null")]
    [InlineData("decode('e30g', 'base64')", "{}")]
    [InlineData("decode('e30x', 'base64')", "\"{}1\"")]
    [InlineData("decode('!!', 'base64')", "null")]
    [InlineData("decode('cmVk=', 'base64')", "null")]
    [InlineData("decode('c', 'base64')", "null")]
    [InlineData("decode('cm Vk', 'base64')", "null")]
    [InlineData("decode('cm=k', 'base64')", "null")]
    [InlineData("decode('====', 'base64')", "null")]
    [InlineData("decode('/w==', 'base64')", "null")]
    [InlineData("decode(nul, 'base64')", null)]
    [InlineData("decode('cmVk', '' + 'hex')", null)]
    [InlineData("decode(encode('x' + chr(34), 'base64'), 'base64')", "\"x\\\"\"")]
    public void Base64_is_read_as_what_it_says(string expression, string? expected) => Assert.Equal(expected, Rule.Value(expression));

    [Fact]
    public void The_payload_may_be_any_bytes()
    {
        var call = new Call { Payload = [0xFF, 0x00, 0x80] };
        Assert.Equal("\"/wCA\"", call.Value("encode(*, 'base64')"));
        Assert.Equal("null", call.Value("decode(encode(*, 'base64'), 'base64')"));
        Assert.Equal("50.5", new Call { Payload = "50.5"u8.ToArray() }.Value("decode(encode(*, 'base64'), 'base64')"));
        Assert.Equal("\"\"", new Call { Payload = [] }.Value("encode(*, 'base64')"));
    }

    [Fact]
    public void Bytes_of_every_length_come_back()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z' + 1)));
            var call = new Call { Payload = Encoding.UTF8.GetBytes($$"""{"t":"_{{text}}"}""") };
            Assert.Equal($"\"_{text}\"", call.Value("decode(encode(t, 'base64'), 'base64')"));
            Assert.Equal($"\"_{text}\"", call.Value("decode(replace(encode(t, 'base64'), '=', ''), 'base64')"));
        }
    }

    [Fact]
    public void JSON_that_is_too_deep_to_look_into_stays_text()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        var call = new Call { Payload = Encoding.UTF8.GetBytes($$"""{"t":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(deep))}}"}""") };
        Assert.Equal($"\"{deep}\"", call.Value("decode(t, 'base64')"));
    }
}
