namespace Millrace.Server.Cli.Settings;

/// <summary>The options with a setting taken in, or why it could not be.</summary>
internal readonly record struct SettingOutcome(ServerOptions Options, string? Wrong = null);
