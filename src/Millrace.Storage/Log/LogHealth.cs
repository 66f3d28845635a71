namespace Millrace.Storage.Log;

/// <summary>Whether the log can be written now. While it cannot, nothing is acknowledged and nothing is lost.</summary>
/// <param name="Message">What is wrong and what happens next; null while healthy.</param>
/// <param name="Since">When the first write was refused; null while healthy.</param>
public sealed record LogHealth(string? Message, DateTimeOffset? Since)
{
    public static LogHealth Good { get; } = new(null, null);

    public bool Healthy => Message is null;
}
