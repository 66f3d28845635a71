using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Server.Cli.Rules;

/// <summary>Lines of statements and messages in, lines of what became of them out, in order.</summary>
internal sealed class RuleLines(RuleTrial trial, Stream output)
{
    /// <summary>The longest line, in bytes.</summary>
    public const int Longest = 64 << 20;

    private const int Full = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _text = new(2 * Full);

    /// <param name="input">One JSON object a line; lines of space alone are passed over.</param>
    /// <param name="otherwise">For members that a line does not have.</param>
    public void Run(Stream input, in RuleMessage otherwise, CancellationToken stop)
    {
        var lines = new LineReader(input, Longest, Flush);
        while (lines.Next())
        {
            stop.ThrowIfCancellationRequested();
            if (lines.WasTooLong) WriteProblem("error", $"the line is longer than {Longest >> 20} MiB");
            else if (lines.Line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0) Run(lines.Line, otherwise);
            if (_text.WrittenCount >= Full) Flush();
        }

        Flush();
    }

    private void Run(ReadOnlyMemory<byte> line, in RuleMessage otherwise)
    {
        if (!RuleLine.TryRead(line, otherwise, out var message, out var problem))
        {
            WriteProblem("error", problem);
            return;
        }

        switch (trial.Run(message))
        {
            case RuleOutcome.Fired:
                WriteOutput(trial.Output.Span);
                break;
            case RuleOutcome.NotFired:
                _text.Write("{\"fires\":false}\n"u8);
                break;
            case RuleOutcome.Unreadable:
                WriteProblem("fires\":false,\"error", trial.Reason);
                break;
            default:
                WriteProblem("error", trial.Reason);
                break;
        }
    }

    private void WriteOutput(ReadOnlySpan<byte> value)
    {
        if (!CompactJson.Is(value))
        {
            _text.Write("{\"fires\":true,\"outputBase64\":\""u8);
            _text.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(value)));
            _text.Write("\"}\n"u8);
            return;
        }

        _text.Write("{\"fires\":true,\"output\":"u8);
        var into = _text.GetSpan(value.Length);
        value.CopyTo(into);
        // In JSON the end of a line stands between values only: in strings it is escaped.
        into[..value.Length].Replace((byte)'\n', (byte)' ');
        into[..value.Length].Replace((byte)'\r', (byte)' ');
        _text.Advance(value.Length);
        _text.Write("}\n"u8);
    }

    private void WriteProblem(string member, string problem)
    {
        _text.Write(Encoding.UTF8.GetBytes($"{{\"{member}\":\""));
        _text.Write(JsonEncodedText.Encode(problem, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        _text.Write("\"}\n"u8);
    }

    private void Flush()
    {
        if (_text.WrittenCount == 0) return;
        output.Write(_text.WrittenSpan);
        output.Flush();
        _text.ResetWrittenCount();
    }
}
