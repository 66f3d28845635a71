using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Rules;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Rules;

/// <summary>What rules look up, out of one JSON file, so that they can be tried without a server.</summary>
/// <remarks>
/// <c>shadows</c>: by <c>thing</c> or <c>thing/shadow</c>. <c>things</c>: by thing and operation. <c>documents</c>: by collection and key. <c>secrets</c>:
/// by id, a text or JSON. <c>functions</c>: by name, what each answers. <c>descriptors</c>: by <c>bucket/key</c>, base64.
/// </remarks>
internal sealed class FileLookups(JsonElement root) : ILookups
{
    public const int Longest = 64 << 20;

    private static readonly string[] Known = ["shadows", "things", "documents", "secrets", "functions", "descriptors"];

    public static FileLookups Read(byte[] json, string path)
    {
        try
        {
            var root = JsonDocument.Parse(json).RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new CliException(Exit.Invalid, $"{path}: this must be an object of {string.Join(", ", Known)}");
            foreach (var member in root.EnumerateObject())
            {
                if (!Known.Contains(member.Name))
                    throw new CliException(Exit.Invalid, $"{path}: there is no member '{member.Name}'; there are {string.Join(", ", Known)}");
                if (member.Value.ValueKind != JsonValueKind.Object) throw new CliException(Exit.Invalid, $"{path}: '{member.Name}' must be an object");
            }

            return new FileLookups(root);
        }
        catch (JsonException mistake)
        {
            throw new CliException(Exit.Invalid, $"{path}:{mistake.LineNumber + 1}:{mistake.BytePositionInLine + 1}: this is not JSON", mistake);
        }
    }

    public byte[]? Shadow(string thing, string? shadow) => Json(root.Member("shadows").Member(shadow is null ? thing : $"{thing}/{shadow}"));

    public byte[]? Thing(string operation, string thing) => Json(root.Member("things").Member(thing).Member(operation));

    public byte[]? Document(string collection, string key) => Json(root.Member("documents").Member(collection).Member(key));

    public byte[]? Secret(string id)
    {
        var secret = root.Member("secrets").Member(id);
        return secret.ValueKind == JsonValueKind.Undefined ? null : Encoding.UTF8.GetBytes(secret.Text());
    }

    public byte[]? DescriptorSet(string bucket, string key)
    {
        var set = root.Member("descriptors").Member($"{bucket}/{key}");
        return set.ValueKind == JsonValueKind.String && set.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }

    public bool HasFunction(string function) => root.Member("functions").Member(function).ValueKind != JsonValueKind.Undefined;

    public byte[] Call(string function, ReadOnlyMemory<byte> input) =>
        Json(root.Member("functions").Member(function)) ?? throw new FaultException(Fault.Refused, $"there is no function {function}");

    private static byte[]? Json(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? null : CompactJson.Of(value);
}
