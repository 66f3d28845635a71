using System.CommandLine;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Settings;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli.Verbs;

/// <summary>A server's settings as options of a verb.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "a YAML or JSON file with the same names, as logMaxAge: 30d",
        HelpName = "FILE",
    };

    private readonly Dictionary<string, Option<string[]>> _options = [];

    public SettingOptions(Command verb)
    {
        foreach (var setting in ServerSettings.All)
        {
            var option = new Option<string[]>(setting.Option) { Description = $"{setting.Help} ({setting.Variable})", HelpName = setting.Value };
            _options.Add(setting.Name, option);
            verb.Options.Add(option);
        }

        verb.Options.Add(_config);
    }

    /// <returns>Null where something is wrong; it was printed.</returns>
    public ServerOptions? Read(ParseResult parsed, CliContext context, string? pipeline = null)
    {
        var given = new Dictionary<string, string>();
        foreach (var (name, option) in _options)
            if (parsed.GetValue(option) is { Length: > 0 } values) given[name] = string.Join(',', values);
        var reader = new ServerOptionsReader();
        var sources = new SettingSources { CommandLine = given, Environment = context.Environment, ConfigFile = parsed.GetValue(_config) };
        var options = reader.Read(sources, path => context.ReadFile(path, YamlTree.MaxBytes));
        if (reader.Problems.Count == 0) return options.Pipeline is null ? options with { Pipeline = pipeline } : options;
        ProblemPrinter.Write(context.Error, reader.ConfigFile, reader.Problems);
        return null;
    }
}
