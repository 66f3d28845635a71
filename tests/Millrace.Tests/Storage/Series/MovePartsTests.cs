using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

public sealed class MovePartsTests
{
    private const long HourNs = 3_600_000_000_000;

    private static string[] Parts(params IEnumerable<(long Hour, long Rows)> hours) =>
        [.. MoveParts.Of(hours.ToDictionary(static hour => hour.Hour, static hour => hour.Rows)).Select(static part => string.Join(' ', part.Order()))];

    [Fact]
    public void Rows_of_two_hours_make_two_files() => Assert.Equal(["100", "101"], Parts((100, 2000), (101, 1000)));

    [Fact]
    public void A_few_late_rows_of_many_hours_share_a_file_for_each_day() =>
        Assert.Equal(["240", "190 191", "215", "216 239"], Parts((240, 10_000), (190, 1), (191, 2), (215, 600), (239, 1), (216, 1)));

    [Fact]
    public void Late_rows_of_years_share_one_for_each_month_or_year_or_one_for_all()
    {
        Assert.Equal(4, Parts(Enumerable.Range(0, 90).Select(static day => (day * 24L, 1L)).Append((3000, 1000))).Length);
        Assert.Equal(11, Parts(Enumerable.Range(0, 120).Select(static month => (month * 730L, 1L)).Append((3001, 10_000))).Length);
        Assert.Equal(2, Parts(Enumerable.Range(-30, 60).Select(static year => (year * 8760L, 1L)).Append((3001, 10_000))).Length);
    }

    [Theory, Seeds(50)]
    public void A_move_makes_at_most_32_files_and_every_hour_is_in_one(int seed)
    {
        var random = new Random(seed);
        var hours = new Dictionary<long, long>();
        for (var i = random.Next(1, 400); i > 0; i--) hours[random.Next(-500_000, 500_000) >> random.Next(20)] = 1 + (long)Math.Pow(10, random.NextDouble() * 6);
        var parts = MoveParts.Of(hours);
        Assert.InRange(parts.Count, 1, 32);
        Assert.Equal(hours.Keys.Order(), parts.SelectMany(static part => part).Order());
    }

    [Fact]
    public void Hours_before_1970_are_rounded_down_too() =>
        Assert.Equal((-1, -1, 0, 1), (MoveParts.HourOf(-1), MoveParts.HourOf(-HourNs), MoveParts.HourOf(HourNs - 1), MoveParts.HourOf(HourNs)));
}
