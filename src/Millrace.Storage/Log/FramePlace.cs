namespace Millrace.Storage.Log;

/// <summary>Where a frame begins: its first record and its first byte in the file.</summary>
internal readonly record struct FramePlace(long Offset, long Position, long ArrivalNs);
