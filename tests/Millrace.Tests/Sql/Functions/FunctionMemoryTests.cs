using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql.Functions;

[Collection(nameof(FunctionMemoryTests)), CollectionDefinition(nameof(FunctionMemoryTests), DisableParallelization = true)]
public class FunctionMemoryTests
{
    [Theory]
    [InlineData("upper(s)")]
    [InlineData("lower(s)")]
    [InlineData("concat(s, '-', n)")]
    [InlineData("concat([1], s)")]
    [InlineData("substring(s, 1, 4)")]
    [InlineData("lpad(s, 3)")]
    [InlineData("trim(s)")]
    [InlineData("replace(s, 'a', 'bb')")]
    [InlineData("length(s)")]
    [InlineData("indexof(s, 'b')")]
    [InlineData("chr(65)")]
    [InlineData("abs(n)")]
    [InlineData("round(n)")]
    [InlineData("trunc(n, 1)")]
    [InlineData("sqrt(n)")]
    [InlineData("bitand(n, 3)")]
    [InlineData("get(s, 1)")]
    [InlineData("nanvl(x, 1)")]
    [InlineData("topic(2)")]
    [InlineData("timestamp()")]
    [InlineData("newuuid()")]
    [InlineData("rand()")]
    [InlineData("md2(s)")]
    [InlineData("md5(s)")]
    [InlineData("sha224(s)")]
    [InlineData("sha512(s)")]
    [InlineData("encode(*, 'base64')")]
    [InlineData("decode(encode(*, 'base64'), 'base64').n")]
    [InlineData("parse_time('yyyy-MM-dd HH:mm:ss.SSS', 1700000000123)")]
    [InlineData("parse_time(p, 1700000000123, z)")]
    [InlineData("time_to_epoch(t, 'yyyy-MM-dd HH:mm:ss.SSSSSSSSS')")]
    [InlineData("time_to_epoch(t + ' ' + z, 'yyyy-MM-dd HH:mm:ss.SSSSSSSSS VV')")]
    [InlineData("get_mqtt_property('content_type')")]
    [InlineData("get_user_properties()")]
    [InlineData("principal()")]
    public void A_function_allocates_nothing(string expression)
    {
        Assert.True(RuleSql.TryCompile($"SELECT {expression} AS r FROM '#'", out var rule, out var error), $"{error}");
        var payload = Encoding.UTF8.GetBytes("""{"s":" a€b \n cab","n":47.43,"t":"2018-02-15 08:20:18.000000000","z":"Europe/Berlin","p":"HH:mm"}""");
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>(4096);

        // The least of several rounds: the runtime itself may allocate in one of them.
        var (least, made) = (long.MaxValue, 0);
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
            {
                output.ResetWrittenCount();
                if (rule.Evaluate(new Record { Topic = "a/b"u8, Key = "c"u8, Payload = payload, Offset = i, ArrivalNs = 1 }, context, output) == RuleResult.Output) made++;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(100, made);
        Assert.Equal(0, least);
    }
}
