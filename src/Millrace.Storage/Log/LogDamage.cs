namespace Millrace.Storage.Log;

/// <summary>Records of which the bytes on disk are not those that were written. Nobody gets past them but on an operator's word.</summary>
/// <param name="Partition">Log and partition, as <c>ingress/0</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Position">The byte where it begins.</param>
/// <param name="From">The first record that is lost.</param>
/// <param name="To">The first record behind it that can be read.</param>
/// <param name="ToPosition">The byte where reading goes on; the length of the file where it goes on in the next.</param>
/// <param name="Message">What was found there.</param>
/// <param name="Seen">When it was found.</param>
/// <param name="Skipped">Whether an operator said that readers pass over it.</param>
public sealed record LogDamage(
    string Partition, string Path, long Position, long From, long To, long ToPosition, string Message, DateTimeOffset Seen, bool Skipped);
