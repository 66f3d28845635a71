using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Millrace.Benchmarks.Measuring;
using Millrace.Benchmarks.Reports;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Rules;

/// <summary>One row: first that all contenders say the same, then their times, in turns.</summary>
internal static class RuleRowRun
{
    // Code is compiled anew, and better, while it runs; that must be over before anything counts.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <exception cref="FaultException">Two contenders give different outputs.</exception>
    public static RuleRowResult Run(RuleRow row, RulesOptions options, CancellationToken stop)
    {
        Contender[] contenders = [new OurRules(row), row.Reader(), row.Node()];
        var messages = row.Messages();
        var fired = Check(row, contenders, messages);
        var started = Stopwatch.GetTimestamp();
        do
        {
            stop.ThrowIfCancellationRequested();
            foreach (var contender in contenders) contender.Apply(messages, messages.Length);
        }
        while (Stopwatch.GetElapsedTime(started) < WarmUp);

        var rounds = contenders.Select(_ => new List<RuleRound>(options.Rounds)).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            // Who begins changes, so that no one always works behind the same other.
            for (var i = 0; i < contenders.Length; i++)
            {
                var turn = (round + i) % contenders.Length;
                rounds[turn].Add(Time(contenders[turn], messages, options.Messages));
            }
        }

        return new RuleRowResult
        {
            Name = row.Name,
            Title = row.Title,
            Sql = row.Sql,
            Rules = row.OtherRules + 1,
            PayloadBytes = messages.Average(static message => message.Payload.Length),
            Fired = fired,
            Ours = new RuleTimes(rounds[0]),
            Reader = new RuleTimes(rounds[1]),
            Node = new RuleTimes(rounds[2]),
        };
    }

    private static RuleRound Time(Contender contender, Message[] messages, int count)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var started = ThreadCpu.Nanoseconds;
        contender.Apply(messages, count);
        var elapsed = ThreadCpu.Nanoseconds - started;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new RuleRound(elapsed / (double)count, allocated / (double)count);
    }

    /// <returns>The share of messages that gave an output.</returns>
    private static double Check(RuleRow row, Contender[] contenders, Message[] messages)
    {
        var fired = 0;
        foreach (var message in messages)
        {
            var expected = Encoding.UTF8.GetString(contenders[0].Apply(message.Topic, message.Payload));
            if (expected.Length > 0) fired++;
            foreach (var contender in contenders[1..])
            {
                var given = Encoding.UTF8.GetString(contender.Apply(message.Topic, message.Payload));
                if (!Same(expected, given)) throw new FaultException(Fault.Corrupt, $"{row.Name}: the rule gives {expected}, {contender.GetType().Name} gives {given}");
            }
        }

        return fired / (double)messages.Length;
    }

    /// <summary>As JSON values: 2.50 is 2.5.</summary>
    private static bool Same(string one, string other)
    {
        if (one == other) return true;
        if (one.Length == 0 || other.Length == 0) return false;
        using var first = JsonDocument.Parse(one);
        using var second = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }
}
