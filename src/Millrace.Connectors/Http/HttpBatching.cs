namespace Millrace.Connectors.Http;

/// <summary>Records are gathered into one request with a JSON array, which is sent when the first of these is reached.</summary>
/// <param name="MaxRecords">At least 1.</param>
/// <param name="MaxBytes">Of the array; a larger record goes alone.</param>
/// <param name="MaxAge">Of the first record in it. Looked at about every second.</param>
public sealed record HttpBatching(int MaxRecords, long MaxBytes, TimeSpan MaxAge);
