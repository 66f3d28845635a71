using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Rules;

namespace Millrace.Tests.Sql.Functions;

/// <summary>What a rule may ask beside its message, out of dictionaries.</summary>
internal sealed class FakeLookups : ILookups
{
    public Dictionary<string, string> Shadows { get; } = [];

    public Dictionary<string, string> Things { get; } = [];

    public Dictionary<string, string> Documents { get; } = [];

    public Dictionary<string, byte[]> Secrets { get; } = [];

    public Dictionary<string, byte[]> DescriptorSets { get; } = [];

    public Dictionary<string, Func<string, string>> Functions { get; } = [];

    public byte[]? Shadow(string thing, string? shadow) => Bytes(Shadows, shadow is null ? thing : $"{thing}/{shadow}");

    public byte[]? Thing(string operation, string thing) => Bytes(Things, $"{operation}/{thing}");

    public byte[]? Document(string collection, string key) => Bytes(Documents, $"{collection}:{key}");

    public byte[]? Secret(string id) => Secrets.GetValueOrDefault(id);

    public byte[]? DescriptorSet(string bucket, string key) => DescriptorSets.GetValueOrDefault($"{bucket}/{key}");

    public bool HasFunction(string function) => Functions.ContainsKey(function);

    public byte[] Call(string function, ReadOnlyMemory<byte> input) => Functions.TryGetValue(function, out var run)
        ? Encoding.UTF8.GetBytes(run(Encoding.UTF8.GetString(input.Span)))
        : throw new FaultException(Fault.Refused, $"there is no function {function}");

    private static byte[]? Bytes(Dictionary<string, string> texts, string key) =>
        texts.TryGetValue(key, out var text) ? Encoding.UTF8.GetBytes(text) : null;
}
