using System.Buffers;
using System.Text;
using Millrace.Contracts.Records;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary>The windows of a statement with GROUP BY: what its rows mean, and what is made of a window that ended.</summary>
/// <remarks>Immutable; any number of threads may use it, each with its own reader and context.</remarks>
public sealed class WindowPlan
{
    private readonly CompiledRule _output;

    internal WindowPlan(WindowSpan span, int keys, int arguments, Aggregate[] aggregates, bool hasTime, CompiledRule output, string layout)
    {
        (Kind, SizeNs, StepNs) = span;
        (Keys, Aggregates, HasTime, Layout) = (keys, aggregates, hasTime, layout);
        _output = output;
        Names = [.. Enumerable.Range(0, keys).Select(WindowCompiler.KeyName), .. Enumerable.Range(0, arguments).Select(WindowCompiler.ArgumentName)];
        if (hasTime) Names = [.. Names, WindowCompiler.Time];
    }

    public WindowKind Kind { get; }

    /// <summary>Of a window; of sessions the gap that ends one. Nanoseconds.</summary>
    public long SizeNs { get; }

    /// <summary>From the begin of one window to that of the next, nanoseconds.</summary>
    public long StepNs { get; }

    /// <summary>Whether rows hold the event time.</summary>
    public bool HasTime { get; }

    /// <summary>Two statements of one layout can go on with each other's state.</summary>
    public string Layout { get; }

    internal int Keys { get; }

    internal Aggregate[] Aggregates { get; }

    /// <summary>Of the members of a row: keys, arguments, time.</summary>
    internal string[] Names { get; }

    public WindowRowReader NewReader() => new(this);

    public GroupValues NewValues() => new(this);

    /// <summary>Makes the row of a window that ended.</summary>
    /// <param name="key">Of the group, as <see cref="WindowRow.Key"/> gives it.</param>
    /// <param name="values">What came together.</param>
    /// <param name="startNs">For <c>window_start()</c>.</param>
    /// <param name="endNs">For <c>window_end()</c>.</param>
    /// <param name="context">Of this thread; says why where there is no row.</param>
    /// <param name="output">Gets the JSON.</param>
    public bool TryEmit(ReadOnlySpan<byte> key, GroupValues values, long startNs, long endNs, RuleContext context, IBufferWriter<byte> output)
    {
        var known = new ArrayBufferWriter<byte>(256);
        known.Write("{"u8);
        var parts = new KeyParts(key);
        for (var i = 0; parts.Next(); i++)
        {
            if (parts.Current.IsEmpty) continue;
            known.Write(Encoding.UTF8.GetBytes($"\"{WindowCompiler.KeyName(i)}\":"));
            known.Write(parts.Current);
            known.Write(","u8);
        }

        values.WriteJson(known);
        known.Write(Encoding.UTF8.GetBytes(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{WindowCompiler.WindowStart}\":{Ms(startNs)},\"{WindowCompiler.WindowEnd}\":{Ms(endNs)}}}")));
        return _output.Evaluate(new Record { Payload = known.WrittenSpan, Offset = -1 }, context, output) == RuleResult.Output;
    }

    /// <summary>A group's key as text: that of its values, with <c>/</c> between them.</summary>
    public static void WriteKeyText(ReadOnlySpan<byte> key, IBufferWriter<byte> output)
    {
        var parts = new KeyParts(key);
        for (var i = 0; parts.Next(); i++)
        {
            if (i > 0) output.Write("/"u8);
            var json = parts.Current;
            if (json.IsEmpty || json[0] != '"')
            {
                output.Write(json);
                continue;
            }

            json = json[1..^1];
            output.Advance(JsonText.Unescape(json, output.GetSpan(json.Length + 1)));
        }
    }

    private static long Ms(long ns) => (long)Math.Floor((decimal)ns / 1_000_000);
}
