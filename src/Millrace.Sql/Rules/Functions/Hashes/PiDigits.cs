using System.Numerics;

namespace Millrace.Sql.Rules.Functions.Hashes;

/// <summary>Numbers by chance that everybody can make again: of the decimal digits of pi.</summary>
internal sealed class PiDigits
{
    // MD2's table uses up 722 of them.
    private const int Count = 800;

    private readonly string _digits = Pi();
    private int _at;

    /// <summary>A number from 0 to below <paramref name="limit"/>, every one equally likely: too large ones are thrown away.</summary>
    public int Below(int limit)
    {
        var (value, most) = limit switch { > 100 => (Take(3), 1000), > 10 => (Take(2), 100), _ => (Take(1), 10) };
        return value < limit * (most / limit) ? value % limit : Below(limit);
    }

    private int Take(int digits)
    {
        var value = int.Parse(_digits.AsSpan(_at, digits), System.Globalization.CultureInfo.InvariantCulture);
        _at += digits;
        return value;
    }

    /// <summary>Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239).</summary>
    private static string Pi()
    {
        var one = BigInteger.Pow(10, Count + 10);
        var pi = (16 * Arctan(5, one)) - (4 * Arctan(239, one));
        return pi.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static BigInteger Arctan(int inverse, BigInteger one)
    {
        var power = one / inverse;
        var sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= inverse * inverse;
            sum += (n & 2) == 0 ? power / n : -power / n;
        }

        return sum;
    }
}
