using Millrace.Contracts.Devices;
using static Millrace.Tests.Devices.RegistryUnderTest;
using static Millrace.Tests.Devices.SomePolicy;

namespace Millrace.Tests.Devices;

/// <summary>What is left in memory is counted for the whole process: nothing else may run meanwhile.</summary>
[Collection(nameof(AccessMemoryTests))]
[CollectionDefinition(nameof(AccessMemoryTests), DisableParallelization = true)]
public sealed class AccessMemoryTests
{
    private const string Thing = "${iot:Connection.Thing.ThingName}";

    private readonly RegistryUnderTest _under = new();

    [Fact]
    public async Task A_connection_with_a_policy_of_its_own_costs_little()
    {
        await _under.PutAsync("p", Statement("Allow", "Connect", "*"), Statement("Allow", "*", $"topic/{Thing}/*"));
        var (_, certificate) = await _under.CertificateAsync("thing1", "p");
        var attempt = Attempt(CredentialKinds.Certificate, "thing1", certificate);
        (await _under.AdmittedAsync(attempt)).MayPublish("thing1/a"u8, retain: false);

        var accesses = new IAccess[200];
        for (var i = 0; i < accesses.Length; i++) accesses[i] = await _under.AdmittedAsync(attempt);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var access in accesses) access.MayPublish("thing1/a"u8, retain: false);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / accesses.Length;
        Assert.InRange(each, 0, 3000);
        GC.KeepAlive(accesses);
    }
}
