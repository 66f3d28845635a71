using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Benchmarks;

/// <summary>The words of a command line as <c>--name value</c>, <c>--name=value</c> and <c>--flag</c>. Mistakes are gathered, to be shown together.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public Arguments(string[] args, string[] flags, string[] options)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            var isFlag = flags.Contains(name);
            if (!isFlag && !options.Contains(name)) Add(name, "there is no such option");
            else if (isFlag && equals >= 0) Add(name, "takes no value");
            else if (!isFlag && equals < 0 && i + 1 == args.Length) Add(name, "needs a value");
            else if (!_values.TryAdd(name, isFlag ? "" : equals >= 0 ? args[i][(equals + 1)..] : args[++i])) Add(name, "is given twice");
        }
    }

    public void Add(string where, string what) => _problems.Add(new Problem(where, what));

    public bool Flag(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>Digits may be grouped: <c>1,000,000</c>.</summary>
    public int Integer(string name, int fallback, int least, int most)
    {
        if (!_values.TryGetValue(name, out var text)) return fallback;
        if (int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Add(name, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {least:N0} to {most:N0}"));
        return fallback;
    }
}
