namespace Millrace.Server.Api;

/// <summary>A request of the live view that could not be met.</summary>
public sealed record LiveErrorFrame(string Type, string Message);
