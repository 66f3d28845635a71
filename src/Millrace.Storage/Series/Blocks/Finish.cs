using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The ways to finish numbers.</summary>
internal static class Finish
{
    /// <summary>All of them, in place.</summary>
    public static void All<T>(Span<long> numbers, T finish)
        where T : struct, IFinish
    {
        if (typeof(T) == typeof(Nothing)) return;
        ref var first = ref MemoryMarshal.GetReference(numbers);
        var i = 0;
        for (; i <= numbers.Length - Vector512<long>.Count; i += Vector512<long>.Count) finish.Of(Vector512.LoadUnsafe(ref first, (nuint)i)).StoreUnsafe(ref first, (nuint)i);
        for (; i < numbers.Length; i++) numbers[i] = finish.Of(numbers[i]);
    }

    /// <summary>They are what they are.</summary>
    public readonly struct Nothing : IFinish
    {
        public long Of(long number) => number;

        public Vector512<long> Of(Vector512<long> numbers) => numbers;
    }

    /// <summary>They say how many steps each is away from an origin; modulo 2^64.</summary>
    public readonly struct Steps(long step, long origin) : IFinish
    {
        public long Of(long number) => origin + (number * step);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<long> Of(Vector512<long> numbers) => (numbers * Vector512.Create(step)) + Vector512.Create(origin);
    }

    /// <summary>They are doubles, without a decimal: their bits.</summary>
    public readonly struct Whole : IFinish
    {
        public long Of(long number) => BitConverter.DoubleToInt64Bits(number);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<long> Of(Vector512<long> numbers) => Vector512.ConvertToDouble(numbers).AsInt64();
    }

    /// <summary>They are doubles, so many times as large as these.</summary>
    public readonly struct Decimals(double power) : IFinish
    {
        public long Of(long number) => BitConverter.DoubleToInt64Bits(number / power);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<long> Of(Vector512<long> numbers) => (Vector512.ConvertToDouble(numbers) / Vector512.Create(power)).AsInt64();
    }

    /// <summary>They are bits, without so many zeros at the low end.</summary>
    public readonly struct Bits(int shift) : IFinish
    {
        public long Of(long number) => number << shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<long> Of(Vector512<long> numbers) => Vector512.ShiftLeft(numbers, shift);
    }
}
