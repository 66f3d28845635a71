using Millrace.Contracts;
using Millrace.Contracts.Rules;

namespace Millrace.Flows.Options;

/// <summary>Stands for a server's look-ups while a pipeline is checked without one: whatever a statement asks for may be there, but no function.</summary>
public sealed class CheckedLookups : ILookups
{
    private CheckedLookups()
    {
    }

    public static CheckedLookups Instance { get; } = new();

    public byte[]? Shadow(string thing, string? shadow) => null;

    public byte[]? Thing(string operation, string thing) => null;

    public byte[]? Document(string collection, string key) => null;

    public byte[]? Secret(string id) => null;

    public byte[]? DescriptorSet(string bucket, string key) => [];

    public bool HasFunction(string function) => false;

    public byte[] Call(string function, ReadOnlyMemory<byte> input) => throw new FaultException(Fault.Refused, $"there is no function {function}");
}
