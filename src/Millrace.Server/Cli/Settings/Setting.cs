namespace Millrace.Server.Cli.Settings;

/// <summary>One thing about a server that a person can set, under one name in every source.</summary>
/// <param name="Name">In the configuration file: <c>logMaxAge</c>.</param>
/// <param name="Value">The kind of value, for help: <c>TIME</c>.</param>
/// <param name="Help">What it does, and its default.</param>
/// <param name="Set">The options with the value, or why it cannot be one.</param>
internal sealed record Setting(string Name, string Value, string Help, Func<ServerOptions, string, SettingOutcome> Set)
{
    /// <summary>On the command line: <c>--log-max-age</c>.</summary>
    public string Option => "--" + Words('-').ToLowerInvariant();

    /// <summary>In the environment: <c>MILLRACE_LOG_MAX_AGE</c>.</summary>
    public string Variable => ServerSettings.Prefix + Words('_').ToUpperInvariant();

    private string Words(char between) => string.Concat(Name.Select(c => char.IsUpper(c) ? $"{between}{c}" : c.ToString()));
}
