using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>headers:</c> of a sink: a list of <c>{ key, value }</c>.</summary>
internal static class HeaderReader
{
    /// <param name="sink">The sink's section.</param>
    /// <param name="mayBeSecret">Whether <c>secret:</c> may stand in place of <c>value:</c>.</param>
    public static ValueList<HeaderOptions> Read(Section sink, bool mayBeSecret)
    {
        if (sink.Items("headers") is not { } items) return [];
        var headers = new List<HeaderOptions>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Section.Open($"{sink.Where}.headers[{i}]", items[i], sink.Problems) is not { } item) continue;
            headers.Add(new HeaderOptions(item.Needed("key", "X-Vin"), item.Text("value"), mayBeSecret ? item.Text("secret") : null));
            item.End();
        }

        return [.. headers];
    }
}
