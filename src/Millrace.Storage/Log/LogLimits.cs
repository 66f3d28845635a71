using Millrace.Contracts;

namespace Millrace.Storage.Log;

/// <summary>What one log takes, where that is not what the store's options say.</summary>
/// <param name="MaxRecordSize">Payload and key together, as Kinesis counts; null: <see cref="LogOptions.MaxRecordSize"/> counts, with topic and properties.</param>
public sealed record LogLimits(ByteSize? MaxRecordSize = null);
