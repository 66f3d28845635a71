using Millrace.Simulator;

namespace Millrace.Tests.Simulator;

public sealed class RecurringWindowTests
{
    private static readonly RecurringWindow Window = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData(9.9, false)]
    [InlineData(10, true)]
    [InlineData(29.9, true)]
    [InlineData(30, false)]
    [InlineData(70, true)]
    [InlineData(-50, true)]
    [InlineData(-51, false)]
    public void It_comes_back_before_and_after_1970(double seconds, bool inside) =>
        Assert.Equal(inside, Window.Contains(DateTimeOffset.UnixEpoch.AddSeconds(seconds)));

    [Fact]
    public void Progress_goes_from_0_to_1()
    {
        Window.Contains(DateTimeOffset.UnixEpoch.AddSeconds(75), out var progress);
        Assert.Equal(0.25, progress);
    }

    [Theory]
    [InlineData(15, 10)]
    [InlineData(10, 10)]
    [InlineData(30, 70)]
    [InlineData(0, 10)]
    public void It_tells_when_it_begins(double seconds, double begins) =>
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(begins), Window.BeginsAt(DateTimeOffset.UnixEpoch.AddSeconds(seconds)));
}
