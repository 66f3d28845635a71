using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Millrace.Server.Api;

namespace Millrace.Tests.Server.Api;

public sealed class QueryBodyTests
{
    [Theory]
    [InlineData("""{"sql":"SELECT 1"}""", "SELECT 1")]
    [InlineData(""" { "sql" : "a \"b\" \u00e9\n" } """, "a \"b\" é\n")]
    [InlineData("\uFEFF{\"sql\":\"SELECT 1\"}", "SELECT 1")]
    [InlineData("""{"SQL":"SELECT 1","other":[1,{"a":2}]}""", "SELECT 1")]
    [InlineData("""{"sql":"first","sql":"second"}""", "second")]
    [InlineData("""{"sql":null}""", null)]
    [InlineData("{}", null)]
    public void The_statement_is_read_however_it_is_written(string json, string? sql) => Assert.Equal(sql, Parse(json, 1000)!.Sql);

    [Fact]
    public void A_format_and_a_limit_are_read()
    {
        var request = Parse("""{"sql":"a","format":"csv","limit":7}""", 1000)!;
        Assert.Equal(("a", "csv", 7), (request.Sql, request.Format, request.Limit!.Value.GetInt32()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("SELECT 1")]
    [InlineData("""{"sql":"a" """)]
    [InlineData("""{"sql":"a"}}""")]
    [InlineData("""{"sql":"a"} {"sql":"b"}""")]
    [InlineData("""{"sql":1}""")]
    [InlineData("""{"sql":"\ud800"}""")]
    [InlineData("""{"sql":"a","format":[]}""")]
    public void What_is_no_query_is_none(string json) => Assert.Null(Parse(json, 1000)?.Sql);

    [Fact]
    public void A_text_that_is_no_UTF_8_is_none() => Assert.Null(QueryBody.Parse(new ReadOnlySequence<byte>([.. "{\"sql\":\""u8, 0xC3, 0x28, .. "\"}"u8])));

    [Fact]
    public void It_is_the_same_in_parts_of_any_size_and_as_a_serializer_reads_it()
    {
        string[] bodies = ["""{"sql":"SELECT 'ä', \"b\" FROM t"}""", """{"format":"csv","sql":"x"}""", """{"sql":"\\\"\u0041"}""", """{"sql":"x" , "limit":"none"}"""];
        foreach (var body in bodies)
        {
            var expected = JsonSerializer.Deserialize(body, Answers.Default.QueryRequest)!;
            for (var size = 1; size <= body.Length; size++)
            {
                var read = Parse(body, size)!;
                Assert.Equal((expected.Sql, expected.Format, expected.Limit?.ToString()), (read.Sql, read.Format, read.Limit?.ToString()));
            }
        }
    }

    [Fact]
    public async Task A_body_that_comes_bit_by_bit_is_read_whole()
    {
        var pipe = new Pipe();
        var read = QueryBody.ReadAsync(pipe.Reader, TestContext.Current.CancellationToken);
        foreach (var one in "{\"sql\":\"SELECT 1\"}"u8.ToArray()) await pipe.Writer.WriteAsync(new[] { one }, TestContext.Current.CancellationToken);
        Assert.False(read.IsCompleted);
        await pipe.Writer.CompleteAsync();
        Assert.Equal("SELECT 1", (await read)!.Sql);
    }

    private static QueryRequest? Parse(string json, int size)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var first = new Part(bytes.AsMemory(0, Math.Min(size, bytes.Length)), null);
        var last = first;
        for (var at = size; at < bytes.Length; at += size) last = new Part(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
        return QueryBody.Parse(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
