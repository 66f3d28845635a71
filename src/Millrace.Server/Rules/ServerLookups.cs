using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Rules;
using Millrace.Flows.Options;
using Millrace.Storage.Objects;

namespace Millrace.Server.Rules;

/// <summary>What rules of this server may ask: its documents, things, secrets and objects. All of it is in memory, or not asked for more than once a second.</summary>
internal sealed class ServerLookups : ILookups
{
    /// <summary>By thing, or thing and shadow with a slash between them.</summary>
    private const string Shadows = "shadows";

    /// <summary>By thing, as DescribeThing answers; by thing and operation with a slash between them what another operation answers.</summary>
    private const string Things = "things";

    private const string Certificates = "certificates";
    private const string DescribeThing = "DescribeThing";
    private const int MostDescriptorSets = 100;

    private readonly IDocumentStore _documents;
    private readonly SecretFiles _secrets;
    private readonly RecheckedCache<(string Bucket, string Key), byte[]> _descriptorSets;
    private readonly RecheckedCache<string, HashSet<string>> _holders;

    /// <param name="documents">Of this server.</param>
    /// <param name="objects">Has descriptor sets.</param>
    /// <param name="secrets">A directory; null: there are none.</param>
    /// <param name="clock">Tells when to look again.</param>
    /// <exception cref="FaultException">Refused: there is no such directory.</exception>
    public ServerLookups(IDocumentStore documents, ObjectStore objects, string? secrets, TimeProvider clock)
    {
        if (secrets is not null && !Directory.Exists(secrets))
            throw new FaultException(Fault.Refused, $"the directory of secrets, {secrets}, is not there: make it, or leave out --secrets");
        _documents = documents;
        _secrets = new SecretFiles(secrets, clock);
        _descriptorSets = new(clock, TimeSpan.FromSeconds(1), MostDescriptorSets, (place, _) => ReadObject(objects, place.Bucket, place.Key));
        _holders = new(clock, TimeSpan.FromSeconds(1), 1, (_, _) => ThingsWithCertificate(documents));
    }

    public byte[]? Shadow(string thing, string? shadow) => Find(Shadows, shadow is null ? thing : $"{thing}/{shadow}");

    public byte[]? Thing(string operation, string thing)
    {
        if (Find(Things, operation == DescribeThing ? thing : $"{thing}/{operation}") is { } answer) return answer;
        if (thing.Contains('/', StringComparison.Ordinal)) return null;
        var isKnown = Find(Things, thing) is not null || (_holders.Find("") is { } holders && holders.Contains(thing));
        return isKnown ? Plain(operation, thing) : null;
    }

    public byte[]? Document(string collection, string key) => Find(CollectionOptions.StoreName(collection), key);

    public byte[]? Secret(string id) => _secrets.Find(id);

    public byte[]? DescriptorSet(string bucket, string key) => _descriptorSets.Find((bucket, key));

    public bool HasFunction(string function) => false;

    public byte[] Call(string function, ReadOnlyMemory<byte> input) =>
        throw new FaultException(Fault.Refused, $"there is no function {function}: functions do not run here yet");

    /// <summary>What is known of a thing that a certificate is attached to and nothing else is told about.</summary>
    private static byte[] Plain(string operation, string thing) => Encoding.UTF8.GetBytes(operation == DescribeThing
        ? $$"""{"defaultClientId":"{{thing}}","thingName":"{{thing}}","attributes":{},"version":1}"""
        : """{"thingGroups":[]}""");

    private byte[]? Find(string collection, string key) => key.Length == 0 ? null : _documents.Find(collection, key);

    private static byte[]? ReadObject(ObjectStore objects, string bucket, string key)
    {
        try
        {
            return objects.Find(bucket, key);
        }
        catch (FaultException away) when (away.Fault == Fault.Unavailable)
        {
            return null;
        }
    }

    private static HashSet<string> ThingsWithCertificate(IDocumentStore documents)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, certificate) in documents.List(Certificates))
        {
            using var document = JsonDocument.Parse(certificate);
            if (!document.RootElement.TryGetProperty("things", out var things)) continue;
            foreach (var thing in things.EnumerateArray())
                if (thing.GetString() is { } name) names.Add(name);
        }

        return names;
    }
}
