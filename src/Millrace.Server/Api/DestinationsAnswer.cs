using Millrace.Connectors.Http;

namespace Millrace.Server.Api;

/// <summary>Confirmation URLs, and which of them have agreed.</summary>
internal sealed record DestinationsAnswer(IReadOnlyList<HttpDestination> Destinations);
