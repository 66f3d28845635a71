namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>What a text says of a time, field by field, and the instant that is meant: as java.time resolves it ("smart").</summary>
internal struct TimeFields
{
    private const int Unset = int.MinValue;

    public TimeFields()
    {
    }

    public int Year = Unset;
    public int YearOfEra = Unset;
    public int Era = Unset;
    public int Month = Unset;
    public int Day = Unset;
    public int DayOfYear = Unset;
    public int Quarter = Unset;
    public int Week = Unset;
    public int WeekYear = Unset;

    /// <summary>1 for Monday.</summary>
    public int DayOfWeek = Unset;

    public int Hour = Unset;
    public int HourFrom1 = Unset;
    public int HalfHour = Unset;
    public int HalfHourFrom1 = Unset;

    /// <summary>0 before noon.</summary>
    public int Half = Unset;

    public int Minute = Unset;
    public int Second = Unset;
    public int Nano = Unset;
    public long NanoOfDay = Unset;
    public long MilliOfDay = Unset;

    /// <summary>Seconds east of UTC; before it the zone does not count.</summary>
    public int Offset = Unset;

    public TimeZoneInfo? Zone;

    /// <summary>Writes a field; false where it was there with another value.</summary>
    public static bool TrySet(ref int field, int value)
    {
        if (field != Unset && field != value) return false;
        field = value;
        return true;
    }

    /// <summary>Milliseconds since 1970. False where there is no such day or time, or not enough is said to know the day.</summary>
    public readonly bool TryEpochMs(out long ms)
    {
        ms = 0;
        if (!TryDay(out var day) || !TryTimeOfDay(out var nanos)) return false;
        if (DayOfWeek != Unset && DayOfWeek != WeekDay(day)) return false;
        var local = (day * CivilTime.MsPerDay) + CivilTime.FloorDiv(nanos, 1_000_000);
        if (Offset != Unset) ms = local - (Offset * 1000L);
        else if (Zone is null || Zone == TimeZoneInfo.Utc) ms = local;
        else return TryInZone(local, Zone, out ms);
        return true;
    }

    private static int WeekDay(long day) => (int)(((day + 3) % 7 + 7) % 7) + 1;

    private readonly bool TryDay(out long day)
    {
        day = 0;
        if (!TryYear(out var year)) return TryWeek(out day);
        if (Quarter != Unset && (Month == Unset || (Month + 2) / 3 != Quarter)) return false;
        if (Month != Unset && Day != Unset)
        {
            if (Month is < 1 or > 12 || Day is < 1 or > 31) return false;
            day = CivilTime.Days(year, Month, Math.Min(Day, CivilTime.DaysInMonth(year, Month)));
            return DayOfYear == Unset || day == CivilTime.Days(year, 1, 1) + DayOfYear - 1;
        }

        if (DayOfYear == Unset || DayOfYear < 1 || DayOfYear > (CivilTime.IsLeap(year) ? 366 : 365)) return false;
        day = CivilTime.Days(year, 1, 1) + DayOfYear - 1;
        return true;
    }

    private readonly bool TryYear(out int year)
    {
        year = Year;
        if (YearOfEra == Unset) return year != Unset;
        if (YearOfEra < 1) return false;
        var ofEra = Era == 0 ? 1 - YearOfEra : YearOfEra;
        if (year != Unset && year != ofEra) return false;
        year = ofEra;
        return true;
    }

    /// <summary>Weeks from Sunday on, of which the first has the year's first day: those of the United States, whose English it is.</summary>
    private readonly bool TryWeek(out long day)
    {
        day = 0;
        if (WeekYear == Unset || Week is < 1 or > 53 || DayOfWeek == Unset) return false;
        var first = CivilTime.Days(WeekYear, 1, 1);
        day = first - (WeekDay(first) % 7) + ((Week - 1) * 7) + (DayOfWeek % 7);
        return true;
    }

    /// <summary>Nanoseconds of the day, 24:00 as one whole day; midnight where no field says anything.</summary>
    private readonly bool TryTimeOfDay(out long nanos)
    {
        nanos = 0;
        if (NanoOfDay != Unset) return TryWhole(NanoOfDay, 1, out nanos);
        if (MilliOfDay != Unset) return TryWhole(MilliOfDay, 1_000_000, out nanos);
        if (!TryHour(out var hour)) return false;
        if (hour == Unset) return Minute == Unset && Second == Unset && Nano == Unset;

        // A field that is missing is 0, but not where a smaller one is there.
        if ((Minute == Unset && (Second != Unset || Nano != Unset)) || (Second == Unset && Nano != Unset)) return false;
        var (minute, second, nano) = (Or0(Minute), Or0(Second), Or0(Nano));
        if (minute is < 0 or > 59 || second is < 0 or > 59 || nano is < 0 or > 999_999_999) return false;
        nanos = (((((hour * 60L) + minute) * 60) + second) * 1_000_000_000) + nano;
        return hour <= 23 || (hour == 24 && minute == 0 && second == 0 && nano == 0);
    }

    private static bool TryWhole(long value, long unit, out long nanos)
    {
        nanos = value * unit;
        return value >= 0 && value < CivilTime.MsPerDay * 1_000_000 / unit;
    }

    private readonly bool TryHour(out int hour)
    {
        hour = Hour;
        if (HourFrom1 != Unset)
        {
            if (HourFrom1 is < 0 or > 24 || !TrySet(ref hour, HourFrom1 % 24)) return false;
        }

        var half = HalfHour;
        if (HalfHourFrom1 != Unset)
        {
            if (HalfHourFrom1 is < 0 or > 12 || !TrySet(ref half, HalfHourFrom1 % 12)) return false;
        }

        if (half == Unset) return hour == Unset || Half == Unset || Half == hour / 12;

        // Without AM or PM there are two such hours.
        return half is >= 0 and <= 11 && Half != Unset && TrySet(ref hour, (Half * 12) + half);
    }

    private static int Or0(int field) => field == Unset ? 0 : field;

    /// <summary>Of an hour that is there twice the first; one that is left out is as much later as the clock was put forward.</summary>
    private static bool TryInZone(long localMs, TimeZoneInfo zone, out long ms)
    {
        ms = 0;
        const long Year1 = -62_135_596_800_000;
        const long Year9999 = 253_402_300_799_999;
        if (localMs is < Year1 + (2 * CivilTime.MsPerDay) or > Year9999 - (2 * CivilTime.MsPerDay)) return false;
        var local = DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(localMs), DateTimeKind.Unspecified);
        TimeSpan offset;
        if (zone.IsInvalidTime(local)) offset = zone.GetUtcOffset(local.AddHours(-3));
        else if (zone.IsAmbiguousTime(local)) offset = zone.GetAmbiguousTimeOffsets(local).Max();
        else offset = zone.GetUtcOffset(local);
        ms = localMs - (long)offset.TotalMilliseconds;
        return true;
    }
}
