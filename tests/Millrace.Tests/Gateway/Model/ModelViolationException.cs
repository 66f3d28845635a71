namespace Millrace.Tests.Gateway.Model;

/// <summary>The broker did what the specification does not allow, or did not do what it asks for.</summary>
internal sealed class ModelViolationException(string message) : Exception(message);
