using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline;

/// <summary>What applying a file does to the things of one kind, by name.</summary>
public sealed record PipelineChanges
{
    public ValueList<string> Created { get; init; } = [];

    public ValueList<string> Changed { get; init; } = [];

    public ValueList<string> Unchanged { get; init; } = [];

    public ValueList<string> Removed { get; init; } = [];

    internal static PipelineChanges Between<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, string> name)
        where T : IEquatable<T>
    {
        var old = before.ToDictionary(name);
        var now = after.ToDictionary(name);
        return new PipelineChanges
        {
            Created = [.. now.Keys.Where(key => !old.ContainsKey(key))],
            Changed = [.. now.Keys.Where(key => old.TryGetValue(key, out var was) && !was.Equals(now[key]))],
            Unchanged = [.. now.Keys.Where(key => old.TryGetValue(key, out var was) && was.Equals(now[key]))],
            Removed = [.. old.Keys.Where(key => !now.ContainsKey(key))],
        };
    }

    internal PipelineChanges Under(string prefix) => new()
    {
        Created = [.. Created.Select(name => prefix + name)],
        Changed = [.. Changed.Select(name => prefix + name)],
        Unchanged = [.. Unchanged.Select(name => prefix + name)],
        Removed = [.. Removed.Select(name => prefix + name)],
    };

    internal PipelineChanges And(PipelineChanges other) => new()
    {
        Created = [.. Created, .. other.Created],
        Changed = [.. Changed, .. other.Changed],
        Unchanged = [.. Unchanged, .. other.Unchanged],
        Removed = [.. Removed, .. other.Removed],
    };
}
