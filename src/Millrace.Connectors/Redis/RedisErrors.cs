namespace Millrace.Connectors.Redis;

/// <summary>What Redis says when it does not do as told.</summary>
internal static class RedisErrors
{
    private static readonly string[] OfTheRecord =
    [
        "WRONGTYPE ", "ERR value is not", "ERR hash value is not", "ERR increment or decrement would overflow", "ERR string exceeds",
        "ERR resulting score is not", "ERR min or max is not",
    ];

    /// <summary>Whether it is the fault of the key or the value that one record named; else it is the state of the server.</summary>
    public static bool IsOfTheRecord(string error) => Array.Exists(OfTheRecord, beginning => error.StartsWith(beginning, StringComparison.Ordinal));
}
