namespace Millrace.Tests.Gateway.Model;

/// <summary>Clients and a broker through connects, losses, crashes and time, against what the specification says each client may and must have got.</summary>
public sealed class SessionModelTests
{
    private const int Seeds = 200;

    [Fact]
    public void Every_client_gets_what_it_must_and_nothing_that_it_must_not()
    {
        for (var seed = 0; seed < Seeds; seed++)
            if (ModelSchedule.Check(seed) is { } failure) Assert.Fail(failure);
    }

    [Theory]
    [InlineData(ModelFault.LosesDelivery)]
    [InlineData(ModelFault.RepeatsDelivery)]
    [InlineData(ModelFault.ForgetsACommit)]
    internal void A_fault_is_noticed(ModelFault fault) => Assert.Contains(Enumerable.Range(0, Seeds), seed => ModelSchedule.Check(seed, fault) is not null);
}
