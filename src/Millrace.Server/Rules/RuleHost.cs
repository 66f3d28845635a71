using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Rules;

/// <summary>Rules that come, change and go while the server runs. What a pipeline file has is changed there and not here.</summary>
/// <remarks>Any thread may call. A change is durable when it has ended.</remarks>
internal sealed partial class RuleHost(RuleStore store, PipelineHost pipeline, ILogger logger)
{
    private readonly Dictionary<string, string> _heldBack = new(StringComparer.Ordinal);

    /// <summary>Rules of an earlier life that cannot run, and why: their place is kept, and they are put anew, or the pipeline they need is.</summary>
    public IReadOnlyDictionary<string, string> HeldBack
    {
        get
        {
            lock (_heldBack) return new Dictionary<string, string>(_heldBack, StringComparer.Ordinal);
        }
    }

    /// <summary>The rules of an earlier life that fit a pipeline; the others are held back.</summary>
    public IReadOnlyList<FlowOptions> Restore(PipelineFile file)
    {
        var rules = new List<FlowOptions>();
        foreach (var (name, rule) in store.List())
        {
            var others = file with { Flows = [.. file.Flows, .. rules] };
            string why;
            if (file.Flows.Any(flow => flow.Name == name))
            {
                why = "the pipeline file has a flow of that name";
            }
            else if (RuleDocument.TryRead(name, Encoding.UTF8.GetBytes(rule.Document.GetRawText()), others, out var flow, out _, out var problems))
            {
                rules.Add(flow!);
                continue;
            }
            else
            {
                why = string.Join("; ", problems);
            }

            lock (_heldBack) _heldBack[name] = why;
            LogHeldBack(logger, name, why);
        }

        return rules;
    }

    /// <summary>Those put at run time and those of the pipeline file, in order of their names.</summary>
    public IReadOnlyList<RuleView> List()
    {
        var file = pipeline.Current.Flows.Select(static flow => new RuleView(flow.Name, flow.Sql, flow.Enabled, IsOfPipeline: true));
        return [.. store.List().Select(static found => ViewOf(found.Name, found.Rule)).Concat(file).OrderBy(static view => view.Name, StringComparer.Ordinal)];
    }

    /// <returns>Null where there is no such rule.</returns>
    public RuleView? Find(string name) => store.Find(name) is { } rule ? ViewOf(name, rule)
        : pipeline.Current.Flows.FirstOrDefault(flow => flow.Name == name) is { } flow ? new RuleView(flow.Name, flow.Sql, flow.Enabled, IsOfPipeline: true)
        : null;

    /// <summary>Makes a rule, or replaces it: it goes on where the one before stopped.</summary>
    /// <returns>What is wrong with it; empty: it runs.</returns>
    /// <exception cref="FaultException">Refused: the pipeline file has a flow of that name. Unavailable: it could not be kept.</exception>
    public async Task<IReadOnlyList<Problem>> PutAsync(string name, byte[] text)
    {
        IReadOnlyList<Problem> problems = [];
        await ChangeAsync(name, file =>
        {
            if (!RuleDocument.TryRead(name, text, file, out var flow, out var json, out problems)) return null;
            return new RuleChange(name, flow, () => store.PutAsync(name, json));
        });
        return problems;
    }

    /// <summary>A rule that is disabled keeps its place, and goes on there.</summary>
    /// <returns>False where there is no such rule.</returns>
    /// <exception cref="FaultException">As for <see cref="PutAsync"/>.</exception>
    public async Task<bool> EnableAsync(string name, bool isEnabled)
    {
        var isThere = false;
        await ChangeAsync(name, file =>
        {
            if (store.Find(name) is not { } rule) return null;
            isThere = true;
            var document = JsonObject.Create(rule.Document)!;
            document["ruleDisabled"] = !isEnabled;
            if (!RuleDocument.TryRead(name, Encoding.UTF8.GetBytes(document.ToJsonString()), file, out var flow, out var json, out var problems))
                throw new FaultException(Fault.Refused, $"the rule {name} cannot run: {string.Join("; ", problems)}");
            return new RuleChange(name, flow, () => store.PutAsync(name, json));
        });
        return isThere;
    }

    /// <summary>A rule of the same name that comes later starts anew.</summary>
    /// <returns>False where there is no such rule.</returns>
    /// <exception cref="FaultException">As for <see cref="PutAsync"/>.</exception>
    public async Task<bool> RemoveAsync(string name)
    {
        var isThere = false;
        await ChangeAsync(name, _ =>
        {
            isThere = store.Find(name) is not null;
            return isThere ? new RuleChange(name, null, () => store.RemoveAsync(name)) : null;
        });
        return isThere;
    }

    private async Task ChangeAsync(string name, Func<PipelineFile, RuleChange?> decide)
    {
        var changed = await pipeline.ChangeRulesAsync((file, rules) =>
        {
            var change = decide(file with { Flows = [.. file.Flows, .. rules] });

            // A rule that was held back because the file took its name can go, and only that.
            if (file.Flows.Any(flow => flow.Name == name) && change is not { Flow: null })
                throw new FaultException(Fault.Refused, $"{name} is a flow of the pipeline file: change it there and apply the file, or take another name");
            return change;
        });
        if (!changed) return;
        lock (_heldBack) _heldBack.Remove(name);
    }

    private static RuleView ViewOf(string name, StoredRule rule) => new(
        name,
        rule.Document.TryGetProperty("sql", out var sql) ? sql.GetString() ?? "" : "",
        !rule.Document.TryGetProperty("ruleDisabled", out var disabled) || disabled.ValueKind != JsonValueKind.True && disabled.ToString() != "true",
        IsOfPipeline: false)
    {
        Document = rule.Document,
        Changed = rule.Changed,
    };

    [LoggerMessage(EventId = 420, Level = LogLevel.Error, Message = "Rule {Name} does not run: {Why}")]
    private static partial void LogHeldBack(ILogger logger, string name, string why);
}
