using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql.Hostile;

/// <summary>A statement on a message on a small stack, and what that cost.</summary>
/// <param name="Result">What became of it; null where the statement was refused.</param>
/// <param name="Output">What was written.</param>
/// <param name="Reason">Of a refusal, or of what is unreadable.</param>
/// <param name="Allocated">Bytes.</param>
internal sealed record Outcome(RuleResult? Result, byte[] Output, string Reason, long Allocated)
{
    private const int SmallStack = 512 * 1024;

    // Not a promise of speed: far beyond what any of them takes, so that one which hangs fails.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public string Text => Encoding.UTF8.GetString(Output);

    public static Outcome Of(string sql, string payload) => Of(sql, Encoding.UTF8.GetBytes(payload));

    public static Outcome Of(string sql, byte[] payload)
    {
        Outcome? outcome = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    outcome = Run(sql, payload);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            SmallStack)
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Longest), $"it does not come to an end: {sql[..Math.Min(200, sql.Length)]}");
        failure?.Throw();
        return outcome!;
    }

    private static Outcome Run(string sql, byte[] payload)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        if (!RuleSql.TryCompile(sql, out var rule, out var error)) return new Outcome(null, [], error.ToString(), GC.GetAllocatedBytesForCurrentThread() - before);
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>();
        var result = rule.Evaluate(new Record { Topic = "a/b"u8, Payload = payload, ArrivalNs = 1 }, context, output);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return new Outcome(result, output.WrittenSpan.ToArray(), result == RuleResult.Unreadable ? context.Reason : "", allocated);
    }
}
