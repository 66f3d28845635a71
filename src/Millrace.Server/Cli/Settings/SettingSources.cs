namespace Millrace.Server.Cli.Settings;

/// <summary>Where settings come from; what stands further up wins.</summary>
internal sealed record SettingSources
{
    /// <summary>By the setting's name.</summary>
    public required IReadOnlyDictionary<string, string> CommandLine { get; init; }

    /// <summary>All variables of the process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The path given by <c>--config</c>.</summary>
    public string? ConfigFile { get; init; }
}
