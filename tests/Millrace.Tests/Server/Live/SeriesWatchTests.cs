using Millrace.Contracts.Tables;
using Millrace.Server.Live;

namespace Millrace.Tests.Server.Live;

public sealed class SeriesWatchTests
{
    private const long Minute = 60_000_000_000;
    private readonly SeriesWatch _watch = new("w", new TableName("d", "t"), new Dictionary<string, string>(), "m", null, sinceMs: 60_000);

    [Fact]
    public void A_point_that_comes_late_is_new_and_one_that_was_sent_is_not()
    {
        Assert.True(_watch.IsNew(100 * Minute, 1));
        Assert.Equal(85 * Minute, _watch.AfterNs);
        Assert.True(_watch.IsNew(90 * Minute, 2));
        Assert.False(_watch.IsNew(100 * Minute, 1));
        Assert.True(_watch.IsNew(90 * Minute, 3));
    }

    [Fact]
    public void Nothing_before_the_asked_time_is_asked_for() => Assert.Equal(Minute, _watch.AfterNs);

    [Fact]
    public void What_is_too_old_to_be_asked_for_again_is_forgotten()
    {
        _watch.IsNew(2 * Minute, 1);
        _watch.IsNew(50 * Minute, 1);
        _watch.Trim();
        Assert.False(_watch.IsNew(50 * Minute, 1));
        Assert.True(_watch.IsNew(2 * Minute, 1));
    }
}
