namespace Millrace.Flows.Options;

/// <summary>A key by which the files of a lake are kept apart.</summary>
/// <param name="Name">As in <c>!{partitionKeyFromQuery:vin}</c>.</param>
/// <param name="Value">A template: <c>${vin}</c>.</param>
public sealed record LakePartitionKey(string Name, string Value);
