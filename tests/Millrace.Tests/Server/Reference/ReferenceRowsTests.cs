using System.Text;
using Millrace.Server.Reference;

namespace Millrace.Tests.Server.Reference;

public sealed class ReferenceRowsTests
{
    [Theory]
    [InlineData("a.csv", "k,name\n1,a\n2,b\n", """{"k":1,"name":"a"}""")]
    [InlineData("a.csv", "\uFEFFk,name\r\n1,\"a, \"\"b\"\"\nc\"\r\n", """{"k":1,"name":"a, \u0022b\u0022\nc"}""")]
    [InlineData("a.csv", "name,k\n,1\n", """{"name":null,"k":1}""")]
    [InlineData("a.csv", "k,n,b,t,e\n1,-2.50,true,007,1e3\n", """{"k":1,"n":-2.50,"b":true,"t":"007","e":1e3}""")]
    [InlineData("a.json", """[{"k":1,"o":{"x":[1, 2]}},{"k":"2"}]""", """{"k":1,"o":{"x":[1, 2]}}""")]
    [InlineData("a.jsonl", "{\"k\":\"1\"}\r\n\n{\"k\":2}", """{"k":"1"}""")]
    public void A_row_is_found_by_its_key(string file, string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ReferenceRows.Read(file, Encoding.UTF8.GetBytes(text), "k")["1"]));

    [Theory]
    [InlineData("a.csv", "", "is empty")]
    [InlineData("a.csv", "x,y\n1,2\n", "no column k; its columns are x, y")]
    [InlineData("a.csv", "k,y\n1\n", "line 2 has 1 cells, and the first line 2")]
    [InlineData("a.csv", "k,y\n1,2\n\n1,3\n", "line 4: the key '1' is there already")]
    [InlineData("a.csv", "k,k\n1,2\n", "same name")]
    [InlineData("a.csv", "k\n\"1", "line 2: a quote is not closed")]
    [InlineData("a.csv", "k\n\"1\"2", "stands behind a closing quote")]
    [InlineData("a.json", "{}", "no JSON array")]
    [InlineData("a.json", "[1", "not JSON")]
    [InlineData("a.json", "[1]", "element 0 is no object")]
    [InlineData("a.json", "[{\"x\":1}]", "element 0 has no k")]
    [InlineData("a.json", "[{\"k\":null}]", "neither a text nor a number")]
    [InlineData("a.ndjson", "{\"k\":1}\n{", "not JSON")]
    public void A_mistake_is_named(string file, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ReferenceRows.Read(file, Encoding.UTF8.GetBytes(text), "k")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Throws<FormatException>(() => ReferenceRows.Read("a.csv", [(byte)'k', (byte)'\n', 0xFF, 0xFE], "k"));
}
