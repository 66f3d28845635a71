using System.Text.Json.Serialization;

namespace Millrace.Flows.Errors;

/// <summary>What is noted with one failure, as JSON in the record's properties.</summary>
/// <param name="Lane">Which of the flow's destinations.</param>
/// <param name="Partition">Of the flow's source.</param>
/// <param name="Offset">Of the message, in that partition.</param>
/// <param name="Record">Which of the failures of that message there.</param>
/// <param name="InStatement">Whether all destinations share it.</param>
/// <param name="Action">As AWS calls the action.</param>
/// <param name="Resource">The destination.</param>
/// <param name="Message">Why.</param>
/// <param name="ClientId">Of the publisher.</param>
internal sealed record FailureNote(
    string Lane, int Partition, long Offset, int Record, bool InStatement, string Action, string Resource, string Message, string ClientId);

/// <summary>Noted once a message of failures is on its way.</summary>
/// <param name="Partition">Of the message that failed.</param>
/// <param name="Offset">Of the message that failed.</param>
/// <param name="Through">The last failure in it: later ones are for another message.</param>
internal sealed record ReportedNote(int Partition, long Offset, long Through);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FailureNote))]
[JsonSerializable(typeof(ReportedNote))]
internal sealed partial class ErrorJson : JsonSerializerContext;
