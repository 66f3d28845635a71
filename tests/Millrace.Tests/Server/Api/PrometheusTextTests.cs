using Millrace.Server.Api;

namespace Millrace.Tests.Server.Api;

public sealed class PrometheusTextTests
{
    [Fact]
    public void A_family_has_its_head_once_and_values_are_escaped()
    {
        var text = new PrometheusText();
        text.Counter("a_total", "All", 1, ("flow", "x\"y\\z\n"), ("outcome", "stored"));
        text.Counter("a_total", "All", 1.5, ("flow", "b"), ("outcome", "stored"));
        text.Gauge("b", "Now", -2);
        Assert.Equal(
            "# HELP a_total All\n# TYPE a_total counter\n"
            + "a_total{flow=\"x\\\"y\\\\z\\n\",outcome=\"stored\"} 1\na_total{flow=\"b\",outcome=\"stored\"} 1.5\n"
            + "# HELP b Now\n# TYPE b gauge\nb -2\n",
            text.ToString());
    }
}
