using System.Text.Json.Serialization;
using Millrace.Contracts;

namespace Millrace.Flows.DeadLetters;

/// <summary>What is noted with a dead letter, as JSON in the record's properties.</summary>
internal sealed record DeadLetterNote(string Lane, int Partition, long Offset, int Record, Fault Fault, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeadLetterNote))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
