namespace Millrace.Storage.Series;

/// <summary>Whether rows reach their files. While they do not, they gather in memory, and then writers are told to wait; nothing is lost.</summary>
/// <param name="Message">What is wrong and what happens next; null while healthy.</param>
/// <param name="Since">When the first move failed; null while healthy.</param>
public sealed record SeriesHealth(string? Message, DateTimeOffset? Since)
{
    public static SeriesHealth Good { get; } = new(null, null);

    public bool Healthy => Message is null;
}
