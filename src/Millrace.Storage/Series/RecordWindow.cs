using System.Globalization;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>Which times a table takes, measured from the arrival of each record.</summary>
/// <remarks>
/// From the arrival and not from now: a record that comes again out of the log, after a crash or for a new flow, is decided about as the first time.
/// What is older than the table's retention by then is dropped with the files, as any other row.
/// </remarks>
internal sealed class RecordWindow
{
    /// <summary>126 years: what is kept longer is kept for ever, and no sum below leaves 64 bits.</summary>
    private const long Longest = 4_000_000_000_000_000_000;

    private long _nowNs;
    private long _oldNs;
    private long _aheadNs;
    private bool _magneticWrites;
    private bool _corrects;

    public void Enter(TableOptions options, DateTimeOffset now)
    {
        _nowNs = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        var kept = options.Retention is { } retention ? Nanoseconds(retention) : Longest;
        _oldNs = options.MagneticWrites ? kept : Math.Min(kept, Nanoseconds(options.MemoryRetention));
        _aheadNs = Nanoseconds(options.FutureLimit);
        _magneticWrites = options.MagneticWrites;
        _corrects = options.OnFuture == FutureRule.ArrivalTime;
    }

    /// <param name="point">Its time may be any number.</param>
    /// <param name="correctedNs">The time it gets instead of its own.</param>
    /// <returns>Why it is refused; null where it is taken.</returns>
    public string? Check(in PointHead point, out long? correctedNs)
    {
        correctedNs = null;
        var arrival = point.ArrivalNs ?? _nowNs;
        var from = _oldNs == Longest ? SeriesLimits.FirstTime : arrival - _oldNs;
        var to = Math.Min(SeriesLimits.LastTime, arrival + _aheadNs);
        if (point.TimeNs >= from && point.TimeNs < to) return null;
        if (point.TimeNs < to || !_corrects) return Outside(point.TimeNs, from, to);
        correctedNs = arrival;
        return null;
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks >= Longest / 100 ? Longest : span.Ticks * 100;

    private string Outside(long timeNs, long from, long to)
    {
        var range = $"The record timestamp is outside the time range [{Iso(from)}, {Iso(to)}) of the {(_magneticWrites ? "data ingestion window" : "memory store")}.";
        return $"{range} It is {TimeText.Of(timeNs)}.";
    }

    private static string Iso(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
