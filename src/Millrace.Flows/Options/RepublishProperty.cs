namespace Millrace.Flows.Options;

/// <summary>A user property of MQTT 5. Both are templates.</summary>
public sealed record RepublishProperty(string Key, string Value);
