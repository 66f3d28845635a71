namespace Millrace.Storage.Files;

/// <summary>Whether a store can be written now. While it cannot, nobody is told that what waits is safe, and nothing is lost.</summary>
/// <param name="Message">What is wrong and what happens next; null while healthy.</param>
/// <param name="Since">When the first write was refused; null while healthy.</param>
public sealed record StoreHealth(string? Message, DateTimeOffset? Since)
{
    public static StoreHealth Good { get; } = new(null, null);

    public bool Healthy => Message is null;
}
