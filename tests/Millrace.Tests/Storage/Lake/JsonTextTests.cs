using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Millrace.Storage.Lake;

namespace Millrace.Tests.Storage.Lake;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""{"a":[1,-0.5e+3,{"b":null}],"c":"\u00e9\n\"","d":{},"e":[]}""")]
    [InlineData(" true ")]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("[[[]]]")]
    [InlineData("1e5")]
    public void Json_is_taken(string text) => Assert.True(JsonText.IsOneValue(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("[1}")]
    [InlineData("{\"a\"}")]
    [InlineData("{1:2}")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("tru")]
    [InlineData("NaN")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u00g0\"")]
    [InlineData("\"\\")]
    [InlineData("]")]
    [InlineData("\uFEFF{}")]
    public void Other_text_is_not(string text) => Assert.False(JsonText.IsOneValue(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_not_utf_8_are_not() => Assert.False(JsonText.IsOneValue([(byte)'"', 0xC3, (byte)'"']));

    [Fact]
    public void Depth_ends_at_64()
    {
        Assert.True(JsonText.IsOneValue(Nested(64)));
        Assert.False(JsonText.IsOneValue(Nested(65)));
        Assert.False(JsonText.IsOneValue(Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
    }

    [Fact]
    public void It_judges_mangled_text_as_the_framework_does()
    {
        var random = new Random(20250101);
        var seeds = new[]
        {
            """{"name":"speed","value":47.4,"flags":[true,false,null],"note":"a\"b\\c\u0041","n":{"x":-1.5E-7}}""",
            """[{"a":0},[[]],"", 1e3 ]""",
        };
        var alphabet = "{}[]\",:\\ \n0123.eE+-tfnux"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var text = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--) text[random.Next(text.Length)] = alphabet[random.Next(alphabet.Length)];
            if (random.Next(3) == 0) text = text[random.Next(text.Length)..];
            Assert.True(IsJsonToTheFramework(text) == JsonText.IsOneValue(text), Encoding.UTF8.GetString(text));
        }
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

    private static bool IsJsonToTheFramework(byte[] text)
    {
        if (!Utf8.IsValid(text)) return false;
        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
