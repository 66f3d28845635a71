using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>How a destination is written.</summary>
/// <param name="Read">Reads what is written under its name.</param>
/// <param name="Names">What an option is called there, where it is not called as in its record: <c>(name, streamName)</c>.</param>
internal sealed record SinkForm(Func<Section, SinkOptions> Read, params (string Option, string Written)[] Names)
{
    /// <summary>The written name of an option; of <c>dimensions[0].name</c> the first part is looked up.</summary>
    public string Written(string option)
    {
        foreach (var (known, written) in Names)
        {
            if (option == known) return written;
            if (option.StartsWith(known, StringComparison.Ordinal) && option[known.Length] is '.' or '[') return written + option[known.Length..];
        }

        return option;
    }
}
