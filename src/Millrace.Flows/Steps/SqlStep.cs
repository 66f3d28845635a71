using System.Buffers;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Running;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Steps;

/// <summary>A rule: the messages of its topics, and those sent to its flow by name, for which WHERE is true, as SELECT says.</summary>
/// <param name="rule">The statement.</param>
/// <param name="context">For the thread that applies the step.</param>
/// <param name="filter">Which messages are its business; null: only those come.</param>
internal sealed class SqlStep(CompiledRule rule, RuleContext context, MessageFilter? filter = null) : IStep
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);

    public void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes)
    {
        for (var i = 0; i < source.Count; i++)
        {
            var record = source[i];
            if (filter?.Picks(record.Topic) == false) continue;
            if (rule.PassesAll)
            {
                target.AddView(source, i);
                continue;
            }

            _output.ResetWrittenCount();
            switch (rule.Evaluate(record, context, _output))
            {
                case RuleResult.Unchanged:
                    target.AddView(source, i);
                    break;
                case RuleResult.Output:
                    target.AddView(source, i, _output.WrittenSpan);
                    break;
                case RuleResult.Unreadable:
                    outcomes.Refuse(i, Fault.Unreadable, context.Reason);
                    break;
                case RuleResult.NotFired:
                    break;
            }
        }
    }
}
