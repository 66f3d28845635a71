namespace Millrace.Contracts.Documents;

/// <summary>One document put in place, or removed.</summary>
/// <param name="Collection">As <c>sessions</c>.</param>
/// <param name="Key">Within its collection.</param>
/// <param name="Value">Null removes the document, also where there is none.</param>
public readonly record struct DocumentChange(string Collection, string Key, byte[]? Value);
