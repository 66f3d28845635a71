using System.Text;
using Millrace.Contracts.Devices;
using static Millrace.Tests.Devices.RegistryUnderTest;
using static Millrace.Tests.Devices.SomePolicy;

namespace Millrace.Tests.Devices;

public sealed class AccessTests
{
    private const string Thing = "${iot:Connection.Thing.ThingName}";

    private readonly RegistryUnderTest _under = new();

    [Fact]
    public async Task A_changed_policy_counts_for_the_next_question()
    {
        await _under.PutAsync("p", Statement("Allow", "*", "*"));
        var access = await ThingAsync();
        Assert.True(access.MayPublish("a"u8, retain: false));
        await _under.PutAsync("p", Statement("Allow", "*", "*"), Statement("Deny", "Publish", "topic/a"));
        Assert.False(access.MayPublish("a"u8, retain: false));
        Assert.True(access.MayPublish("b"u8, retain: false));
    }

    [Fact]
    public async Task Attaching_and_detaching_count_for_the_next_question()
    {
        await _under.PutAsync("p", Statement("Allow", "Connect", "*"), Statement("Allow", "Publish", $"topic/{Thing}/*"));
        await _under.PutAsync("q", Statement("Allow", "Subscribe", "topicfilter/news"));
        var access = await ThingAsync();
        Assert.True(access.MayPublish("thing1/a"u8, retain: false));
        Assert.False(access.MayPublish("thing1/a"u8, retain: true));
        Assert.False(access.MaySubscribe("news"u8));

        await _under.Registry.Certificates.AttachAsync(access.Principal, "q");
        Assert.True(access.MaySubscribe("news"u8));
        await _under.Registry.Certificates.DetachThingAsync(access.Principal, "thing1");
        Assert.False(access.MayPublish("thing1/a"u8, retain: false));
        await _under.Registry.Certificates.AttachThingAsync(access.Principal, "thing1");
        Assert.True(access.MayPublish("thing1/a"u8, retain: false));
        await _under.Registry.Certificates.DetachAsync(access.Principal, "p");
        Assert.False(access.MayPublish("thing1/a"u8, retain: false));
        Assert.True(access.MaySubscribe("news"u8));
    }

    [Fact]
    public async Task Many_topics_are_answered_as_the_policy_says_however_often_and_from_many_threads()
    {
        await _under.PutAsync(
            "p", Statement("Allow", "Connect", "*"), Statement("Allow", "Publish", $"topic/{Thing}/*"), Statement("Deny", "Publish", "topic/*/?9"),
            Statement("Allow", "Receive", "topic/other/*"), Statement("Allow", "Subscribe", "topicfilter/other/*"));
        var access = await ThingAsync();
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++)
            {
                var number = random.Next(200);
                var (own, tail) = (random.Next(2) == 0, random.Next(4) == 0 ? new string('x', 150) : "");
                var topic = Encoding.UTF8.GetBytes($"{(own ? "thing1" : "other")}/{tail}{number}");
                var denied = tail.Length == 0 && number >= 10 && number < 100 && number % 10 == 9;
                Assert.Equal(own && !denied, access.MayPublish(topic, retain: false));
                Assert.Equal(!own, access.MayReceive(topic));
                Assert.Equal(!own, access.MaySubscribe(topic));
            }
        });
    }

    [Theory]
    [InlineData("device")]
    [InlineData("p")]
    public async Task An_answer_that_is_known_allocates_nothing(string policy)
    {
        await _under.PutAsync("p", Statement("Allow", "Connect", "*"), Statement("Allow", "*", $"topic/{Thing}/*"));
        var (_, certificate) = await _under.CertificateAsync("thing1", policy);
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        for (var i = 0; i < 100; i++) Assert.True(access.MayPublish("thing1/a"u8, retain: true) && access.MayReceive("thing1/a"u8));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            access.MayPublish("thing1/a"u8, retain: true);
            access.MayReceive("thing1/a"u8);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private async Task<IAccess> ThingAsync()
    {
        var (_, certificate) = await _under.CertificateAsync("thing1", "p");
        return await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
    }
}
