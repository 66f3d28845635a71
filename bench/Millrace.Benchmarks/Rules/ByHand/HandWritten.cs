using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Benchmarks.Rules.ByHand;

/// <summary>What one writes for one statement: the writer is kept, and escapes no more than JSON asks for.</summary>
internal abstract class HandWritten : Contender
{
    protected HandWritten() => Writer = new Utf8JsonWriter(
        Output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    protected Utf8JsonWriter Writer { get; }

    protected void Begin()
    {
        Output.ResetWrittenCount();
        Writer.Reset(Output);
        Writer.WriteStartObject();
    }

    protected ReadOnlySpan<byte> End()
    {
        Writer.WriteEndObject();
        Writer.Flush();
        return Output.WrittenSpan;
    }

    protected static bool IsTelemetry(ReadOnlySpan<byte> topic) => topic.StartsWith("dt/"u8);

    protected static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueSpan;
    }

    protected static decimal Decimal(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetDecimal();
    }
}
