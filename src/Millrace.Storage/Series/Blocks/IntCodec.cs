using System.Runtime.CompilerServices;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Whole numbers as few bytes, at most <see cref="BlockLimits.Rows"/> of them. Everything else in a block is brought down to these.</summary>
/// <remarks>All arithmetic is modulo 2^64, so that any numbers can be taken apart and come back.</remarks>
internal static class IntCodec
{
    /// <summary>All the same.</summary>
    public const int Constant = 0;

    /// <summary>Each by itself, in a <see cref="Frame"/>.</summary>
    public const int Plain = 1;

    /// <summary>What each adds to the one before.</summary>
    public const int Deltas = 2;

    /// <summary>How what each adds to the one before differs from what that one added.</summary>
    public const int DeltasOfDeltas = 3;

    /// <summary>Numbers, and how often each comes in a row.</summary>
    public const int Runs = 4;

    /// <summary>Beside one of the others: of each number is stored how many times a step it is away from an origin.</summary>
    public const int Stepped = 8;

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<long> values, ByteSink into)
    {
        var step = IntShape.StepOf(values);
        if (step < 2)
        {
            var shape = IntShape.Of(values);
            into.Byte(shape.Code);
            Encode(values, shape, into);
            return;
        }

        Span<long> steps = stackalloc long[BlockLimits.Rows];
        steps = steps[..values.Length];
        IntShape.StepsOf(values, step, steps);
        var stepped = IntShape.Of(steps);
        into.Byte(stepped.Code | Stepped);
        into.Varint((ulong)step);
        into.Signed(values[0]);
        Encode(steps, stepped, into);
    }

    /// <param name="from">Stands behind the numbers afterwards.</param>
    /// <param name="values">As many as were encoded.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ref ByteParser from, scoped Span<long> values) => Decode(ref from, values, 0, values.Length, default(Finish.Nothing));

    /// <summary>The same, of some of them, and what they are made into.</summary>
    /// <param name="from">As above.</param>
    /// <param name="values">As many as were encoded.</param>
    /// <param name="first">Those before it are undefined.</param>
    /// <param name="end">This one and those behind it too.</param>
    /// <param name="finish">Of the others.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode<T>(ref ByteParser from, scoped Span<long> values, int first, int end, T finish)
        where T : struct, IFinish
    {
        var code = from.Byte();
        if (code < Stepped)
        {
            Decode(ref from, code, values, first, end, finish);
            return;
        }

        var step = (long)from.Varint();
        var origin = from.Signed();
        Decode(ref from, code - Stepped, values, first, end, new Finish.Steps(step, origin));
        Finish.All(values[first..end], finish);
    }

    private static void Encode(ReadOnlySpan<long> values, IntShape shape, ByteSink into)
    {
        switch (shape.Code)
        {
            case Constant:
                into.Signed(values[0]);
                break;
            case Plain:
                FrameCodec.Encode(values, shape.Frame, into);
                break;
            case Runs:
                EncodeRuns(values, into);
                break;
            default:
                EncodeDeltas(values, shape, into);
                break;
        }
    }

    [SkipLocalsInit]
    private static void EncodeDeltas(ReadOnlySpan<long> values, IntShape shape, ByteSink into)
    {
        Span<long> deltas = stackalloc long[BlockLimits.Rows];
        deltas = IntShape.DeltasOf(values, deltas);
        into.Signed(values[0]);
        if (shape.Code == DeltasOfDeltas)
        {
            into.Signed(deltas[0]);
            deltas = IntShape.DeltasOf(deltas, deltas);
        }

        FrameCodec.Encode(deltas, shape.Frame, into);
    }

    [SkipLocalsInit]
    private static void EncodeRuns(ReadOnlySpan<long> values, ByteSink into)
    {
        Span<long> runs = stackalloc long[BlockLimits.Rows];
        Span<long> lengths = stackalloc long[BlockLimits.Rows];
        var count = IntShape.RunsOf(values, runs, lengths);
        into.Varint((ulong)count);
        foreach (var part in (ReadOnlySpan<int>)[0, 1])
        {
            var numbers = (part == 0 ? runs : lengths)[..count];
            var shape = IntShape.OfParts(numbers);
            into.Byte(shape.Code);
            Encode(numbers, shape, into);
        }
    }

    private static void Decode<T>(ref ByteParser from, int code, scoped Span<long> values, int first, int end, T finish)
        where T : struct, IFinish
    {
        switch (code)
        {
            case Constant:
                values.Fill(finish.Of(from.Signed()));
                break;
            case Plain:
                FrameCodec.Decode(ref from, values, first, end);
                Finish.All(values[first..end], finish);
                break;
            case Deltas:
                values[0] = from.Signed();
                FrameCodec.Decode(ref from, values[1..], 0, end - 1);
                RunningSum.Of(values[..end], finish);
                break;
            case DeltasOfDeltas when values.Length > 1:
                values[0] = from.Signed();
                values[1] = from.Signed();
                FrameCodec.Decode(ref from, values[2..], 0, Math.Max(0, end - 2));
                RunningSum.Of(values[1..Math.Max(1, end)], default(Finish.Nothing));
                RunningSum.Of(values[..end], finish);
                break;
            case Runs:
                DecodeRuns(ref from, values);
                Finish.All(values[first..end], finish);
                break;
            default:
                ByteParser.Broken($"numbers of kind {code}");
                break;
        }
    }

    [SkipLocalsInit]
    private static void DecodeRuns(ref ByteParser from, scoped Span<long> values)
    {
        var count = from.Count(values.Length);
        Span<long> runs = stackalloc long[BlockLimits.Rows];
        Span<long> lengths = stackalloc long[BlockLimits.Rows];
        if (count == 0) ByteParser.Broken("no runs");
        DecodePart(ref from, runs[..count]);
        DecodePart(ref from, lengths[..count]);
        for (var run = 0; run < count; run++)
        {
            if ((ulong)lengths[run] > (ulong)values.Length) ByteParser.Broken("a run longer than the block");
            values[..(int)lengths[run]].Fill(runs[run]);
            values = values[(int)lengths[run]..];
        }

        if (!values.IsEmpty) ByteParser.Broken("the runs end too early");
    }

    private static void DecodePart(ref ByteParser from, scoped Span<long> values)
    {
        var code = from.Byte();
        if (code >= Runs) ByteParser.Broken($"numbers of kind {code} within runs");
        Decode(ref from, code, values, 0, values.Length, default(Finish.Nothing));
    }
}
