namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Days of the Gregorian calendar, in both directions and before its year 1 too.</summary>
internal static class CivilTime
{
    public const long MsPerDay = 86_400_000;

    /// <summary>Further than this is nobody's time; within it nothing overflows.</summary>
    public const int MaxYear = 999_999;

    /// <summary>Days since 1970-01-01.</summary>
    // Years from March on, so that the day that is there only sometimes is the last of them.
    public static long Days(long year, int month, int day)
    {
        var shifted = month > 2 ? year : year - 1;
        var era = FloorDiv(shifted, 400);
        var ofEra = shifted - (era * 400);
        var ofYear = (((153 * ((month + 9) % 12)) + 2) / 5) + day - 1;
        return (era * 146_097) + (ofEra * 365) + (ofEra / 4) - (ofEra / 100) + ofYear - 719_468;
    }

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysInMonth(long year, int month) => month switch { 2 => IsLeap(year) ? 29 : 28, 4 or 6 or 9 or 11 => 30, _ => 31 };

    public static long FloorDiv(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);
}
