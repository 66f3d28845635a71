using System.Text;
using Millrace.Mqtt;

namespace Millrace.Tests.Mqtt;

public sealed class TopicTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("a//b", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/#", true)]
    [InlineData("+/a/+/#", true)]
    [InlineData("/+", true)]
    [InlineData("$share/g/a/+", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+/b", false)]
    [InlineData("a/+b", false)]
    [InlineData("##", false)]
    [InlineData("$share/", false)]
    [InlineData("$share/g", false)]
    [InlineData("$share/g/", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/+/a", false)]
    [InlineData("a\0", false)]
    public void A_filter_is_valid_or_not(string filter, bool valid) => Assert.Equal(valid, Topic.IsValidFilter(Encoding.UTF8.GetBytes(filter)));

    [Fact]
    public void A_topic_of_65535_bytes_can_be_published_to_and_a_longer_one_cannot()
    {
        Assert.True(Topic.IsValidName(Encoding.UTF8.GetBytes(new string('a', 65_535))));
        Assert.False(Topic.IsValidName(Encoding.UTF8.GetBytes(new string('a', 65_536))));
    }
}
