using System.Buffers;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Renders templates into memory that is used again.</summary>
internal sealed class RenderBuffer
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <param name="template">For one record.</param>
    /// <param name="record">The message as published: templates see that, not what a rule made of it.</param>
    /// <param name="context">Of this flow.</param>
    /// <param name="text">Good until the next call.</param>
    /// <param name="reason">Which expression had no value.</param>
    /// <param name="required">Whether that is an error; else it is the empty text.</param>
    public bool TryRender(Template template, scoped in Record record, RuleContext context, out ReadOnlySpan<byte> text, out string reason, bool required = true)
    {
        _buffer.ResetWrittenCount();
        if (template.TryRender(record, context, _buffer, required))
        {
            text = _buffer.WrittenSpan;
            reason = "";
            return true;
        }

        text = default;
        reason = context.Reason;
        return false;
    }
}
