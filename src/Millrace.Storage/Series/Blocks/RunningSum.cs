using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Turns what each number adds to the one before it back into the numbers; modulo 2^64.</summary>
internal static class RunningSum
{
    /// <param name="values">Each becomes the sum of itself and all before it, finished.</param>
    /// <param name="finish">What is done with the sums.</param>
    public static void Of<T>(Span<long> values, T finish)
        where T : struct, IFinish
    {
        var sum = 0L;
        if (Avx512F.IsSupported && values.Length >= Vector512<long>.Count) sum = OfEights(ref values, finish);

        // Four at once: only one addition of the four waits for those before.
        for (; values.Length >= 4; values = values[4..])
        {
            var (one, three) = (values[0], values[2]);
            var two = one + values[1];
            var four = two + three + values[3];
            values[3] = finish.Of(sum + four);
            values[2] = finish.Of(sum + two + three);
            values[1] = finish.Of(sum + two);
            values[0] = finish.Of(sum + one);
            sum += four;
        }

        foreach (ref var value in values) value = finish.Of(sum += value);
    }

    // Each lane adds the one before it, then what is two before, then what is four: only one addition waits for the eight before.
    private static long OfEights<T>(ref Span<long> values, T finish)
        where T : struct, IFinish
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var (zero, last) = (Vector512<long>.Zero, Vector512.Create(7L));
        var sum = zero;
        var i = 0;
        for (; i <= values.Length - Vector512<long>.Count; i += Vector512<long>.Count)
        {
            var eight = Vector512.LoadUnsafe(ref first, (nuint)i);
            eight += Avx512F.AlignRight64(eight, zero, 7);
            eight += Avx512F.AlignRight64(eight, zero, 6);
            eight += Avx512F.AlignRight64(eight, zero, 4);
            finish.Of(eight + sum).StoreUnsafe(ref first, (nuint)i);
            sum += Avx512F.PermuteVar8x64(eight, last);
        }

        values = values[i..];
        return sum.ToScalar();
    }
}
