using System.Buffers;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>A template, as sinks outside of this room see it.</summary>
internal sealed class RecordText(Template template, RuleContext context, bool required) : IRecordText
{
    public bool IsConstant => template.IsConstant;

    public bool TryRender(in Record origin, IBufferWriter<byte> into, out string reason)
    {
        var rendered = template.TryRender(origin, context, into, required);
        reason = rendered ? "" : context.Reason;
        return rendered;
    }

    public override string ToString() => template.Text;
}
