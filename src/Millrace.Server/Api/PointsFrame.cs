namespace Millrace.Server.Api;

/// <summary>New points of a watched series.</summary>
/// <param name="Type">points.</param>
/// <param name="Watch">The id the client gave.</param>
/// <param name="Points">Milliseconds since 1970 and the value, oldest first.</param>
public sealed record PointsFrame(string Type, string Watch, IReadOnlyList<double[]> Points);
