using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Flows.Options;
using Millrace.Server.Rules;
using Millrace.Storage.Objects;
using Millrace.Testing.Storage;
using ManualClock = Millrace.Testing.ManualClock;

namespace Millrace.Tests.Server.Rules;

/// <summary>What rules may ask of this server.</summary>
public sealed class LookupsTests
{
    private readonly MemoryDocuments _documents = new();
    private readonly MemoryDisk _disk = new();
    private readonly ServerLookups _lookups;

    public LookupsTests() => _lookups = new ServerLookups(_documents, new ObjectStore(_disk), null, TimeProvider.System);

    [Fact]
    public void A_shadow_is_found_by_thing_and_name()
    {
        Put("shadows", "t", "1");
        Put("shadows", "t/door", "2");
        Assert.Equal(("1", "2", null, null), (Text(_lookups.Shadow("t", null)), Text(_lookups.Shadow("t", "door")), Text(_lookups.Shadow("t", "x")), Text(_lookups.Shadow("", null))));
    }

    [Fact]
    public void A_thing_is_what_the_registry_says_or_the_name_that_a_certificate_has()
    {
        Put("things", "known", """{"thingName":"known","attributes":{"site":"3"}}""");
        Put("things", "known/ListThingGroupsForThing", """{"thingGroups":[{"groupName":"g"}]}""");
        Put("certificates", "3f", """{"things":["held"]}""");
        Assert.Equal("""{"thingName":"known","attributes":{"site":"3"}}""", Text(_lookups.Thing("DescribeThing", "known")));
        Assert.Equal("""{"thingGroups":[{"groupName":"g"}]}""", Text(_lookups.Thing("ListThingGroupsForThing", "known")));
        Assert.Equal("""{"defaultClientId":"held","thingName":"held","attributes":{},"version":1}""", Text(_lookups.Thing("DescribeThing", "held")));
        Assert.Equal("""{"thingGroups":[]}""", Text(_lookups.Thing("ListThingGroupsForThing", "held")));
        Assert.Null(_lookups.Thing("DescribeThing", "nobody"));
        Assert.Null(_lookups.Thing("DescribeThing", "known/x"));
    }

    [Fact]
    public void Only_documents_of_collections_are_found_and_none_of_the_servers_own()
    {
        Put(CollectionOptions.StoreName("cars"), "7", "1");
        Put("users", "anna", "secret");
        Assert.Equal(("1", null, null), (Text(_lookups.Document("cars", "7")), Text(_lookups.Document("users", "anna")), Text(_lookups.Document("cars", ""))));
    }

    [Fact]
    public void Without_a_directory_there_are_no_secrets_and_a_missing_one_is_told_of_at_the_start()
    {
        Assert.Null(_lookups.Secret("site"));
        var refused = Assert.Throws<FaultException>(() => new ServerLookups(_documents, new ObjectStore(_disk), "/nowhere/at/all", TimeProvider.System));
        Assert.Contains("--secrets", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_is_asked_for_again_when_it_has_grown_old()
    {
        var clock = new ManualClock();
        var asked = 0;
        var cache = new RecheckedCache<string, string>(clock, TimeSpan.FromSeconds(1), 2, (_, before) => before is null ? $"{++asked}" : $"{++asked} after {before}");
        Assert.Equal(("1", "1"), (cache.Find("a"), cache.Find("a")));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("2 after 1", cache.Find("a"));
        cache.Find("b");
        cache.Find("c");
        Assert.Equal("5", cache.Find("a"));
    }

    [Fact]
    public void A_descriptor_set_is_an_object()
    {
        _disk.Put("objects/schemas/car.desc", "bytes"u8);
        Assert.Equal("bytes", Text(_lookups.DescriptorSet("schemas", "car.desc")));
        Assert.Null(_lookups.DescriptorSet("..", "car.desc"));
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private void Put(string collection, string key, string value) => _documents.Write([new DocumentChange(collection, key, Encoding.UTF8.GetBytes(value))], null);
}
