namespace Millrace.Contracts.Rules;

/// <summary>What a rule may ask beside its message: other documents, and functions.</summary>
/// <remarks>
/// Answers are JSON, not to be written to, and good for ever; null where there is no such thing. Called on the thread that evaluates, for each message, so that an
/// answer comes out of memory. Any thread may call.
/// </remarks>
public interface ILookups
{
    /// <summary>The whole shadow document of a thing.</summary>
    /// <param name="thing">Its name.</param>
    /// <param name="shadow">The name of one of its named shadows; null for the classic one.</param>
    byte[]? Shadow(string thing, string? shadow);

    /// <summary>What the registry knows of a thing, in the shape in which that operation of AWS's answers.</summary>
    /// <param name="operation"><c>DescribeThing</c> or <c>ListThingGroupsForThing</c>.</param>
    /// <param name="thing">Its name.</param>
    byte[]? Thing(string operation, string thing);

    /// <summary>A document of a collection.</summary>
    byte[]? Document(string collection, string key);

    /// <summary>A secret's value, which is not to be logged.</summary>
    byte[]? Secret(string id);

    /// <summary>
    /// A Protocol Buffers descriptor set (<c>protoc --include_imports --descriptor_set_out</c>), by what the statement names it with. Empty: there may be one, but not
    /// here, so that statements cannot be checked against it.
    /// </summary>
    byte[]? DescriptorSet(string bucket, string key);

    /// <summary>Whether there is a function of that name or ARN to call; asked when a statement is compiled.</summary>
    bool HasFunction(string function);

    /// <summary>Calls a function and waits for its answer, two seconds at most.</summary>
    /// <exception cref="FaultException">There is no such function, it failed, or it took too long.</exception>
    byte[] Call(string function, ReadOnlyMemory<byte> input);
}
