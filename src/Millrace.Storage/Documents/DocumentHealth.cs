namespace Millrace.Storage.Documents;

/// <summary>Whether documents can be written now. While they cannot, nobody is told that they are safe and nothing is lost.</summary>
/// <param name="Message">What is wrong and what happens next; null while healthy.</param>
/// <param name="Since">When the first write was refused; null while healthy.</param>
public sealed record DocumentHealth(string? Message, DateTimeOffset? Since)
{
    public static DocumentHealth Good { get; } = new(null, null);

    public bool Healthy => Message is null;
}
