using Millrace.Contracts;
using Millrace.Server.Listeners;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli.Settings;

/// <summary>Puts a server's options together from command line, environment, configuration file and defaults, in this order.</summary>
internal sealed class ServerOptionsReader
{
    private readonly ProblemList _inFile = new();
    private readonly List<Problem> _elsewhere = [];
    private readonly HashSet<string> _fromFile = [];

    /// <summary>Every mistake of every source; those with a line are of the configuration file.</summary>
    public IReadOnlyList<Problem> Problems => [.. _inFile.Sorted(), .. _elsewhere];

    /// <summary>The configuration file that was read; null where there is none.</summary>
    public string? ConfigFile { get; private set; }

    /// <param name="sources">What was given.</param>
    /// <param name="readFile">Reads a file, up to the size a YAML file may have.</param>
    public ServerOptions Read(SettingSources sources, Func<string, byte[]> readFile)
    {
        CheckVariables(sources.Environment);
        ConfigFile = sources.ConfigFile ?? sources.Environment.GetValueOrDefault(ServerSettings.ConfigVariable);
        var file = ConfigFile is null ? null : ReadFile(ConfigFile, readFile);
        var options = new ServerOptions();
        var origins = new Dictionary<string, string>();
        foreach (var setting in ServerSettings.All)
        {
            // A mistake in a source that another overrules is a mistake all the same: it would come out on the day the other goes away.
            if (file?.Text(setting.Name) is { } inFile && Take(ref options, setting, inFile, setting.Name, origins)) _fromFile.Add(setting.Name);
            if (sources.Environment.TryGetValue(setting.Variable, out var variable) && Take(ref options, setting, variable, setting.Variable, origins))
                _fromFile.Remove(setting.Name);
            if (sources.CommandLine.TryGetValue(setting.Name, out var given) && Take(ref options, setting, given, setting.Option, origins))
                _fromFile.Remove(setting.Name);
        }

        if (file is not null && ListenerReader.Read(file) is { } listeners) options = options with { Declared = [.. listeners] };
        file?.End();
        foreach (var problem in options.Check()) Add(problem.Where, origins.GetValueOrDefault(problem.Where, problem.Where), problem.What);
        return options;
    }

    private Section? ReadFile(string path, Func<string, byte[]> readFile)
    {
        try
        {
            return YamlTree.Read(readFile(path), _inFile) is { } root ? new Section("", root, _inFile) : null;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            _elsewhere.Add(new("--config", cannot.Message));
            return null;
        }
    }

    private bool Take(ref ServerOptions options, Setting setting, string value, string origin, Dictionary<string, string> origins)
    {
        var (taken, wrong) = setting.Set(options, value);
        if (wrong is null && value.Length == 0) wrong = "is empty";
        if (wrong is not null)
        {
            if (origin == setting.Name) _inFile.AddChecked("", [new(setting.Name, wrong)]);
            else _elsewhere.Add(new(origin, wrong));
            return false;
        }

        options = taken;
        origins[setting.Name] = origin;
        return true;
    }

    private void Add(string setting, string origin, string what)
    {
        if (_fromFile.Contains(setting) || setting.StartsWith(ListenerReader.Key, StringComparison.Ordinal)) _inFile.AddChecked("", [new(setting, what)]);
        else _elsewhere.Add(new(origin, what));
    }

    private void CheckVariables(IReadOnlyDictionary<string, string> environment)
    {
        string[] known = [.. ServerSettings.All.Select(static s => s.Variable), ServerSettings.ConfigVariable, ServerSettings.UrlVariable];
        foreach (var name in environment.Keys.Where(static n => n.StartsWith(ServerSettings.Prefix, StringComparison.Ordinal)).Order())
            if (!known.Contains(name)) _elsewhere.Add(new(Quote.Name(name), $"is unknown; {Quote.Meant(name, known)}"));
    }
}
