using Millrace.Contracts.Rules;

namespace Millrace.Sql.Rules;

/// <summary>Stands in where a statement is only checked: nothing is found, and every function is there.</summary>
public sealed class AnyLookups : ILookups
{
    public byte[]? Shadow(string thing, string? shadow) => null;

    public byte[]? Thing(string operation, string thing) => null;

    public byte[]? Document(string collection, string key) => null;

    public byte[]? Secret(string id) => null;

    public byte[]? DescriptorSet(string bucket, string key) => null;

    public bool HasFunction(string function) => true;

    public byte[] Call(string function, ReadOnlyMemory<byte> input) => throw new NotSupportedException("nothing is called for a check");
}
