namespace Millrace.Flows.Reading;

/// <summary>A flow's messages of a frame.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Indexes">Which records of it.</param>
internal sealed record SharedPart(SharedFrame Frame, int[] Indexes);
