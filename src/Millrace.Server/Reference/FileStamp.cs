namespace Millrace.Server.Reference;

/// <summary>Size and time of the last change of a file.</summary>
internal readonly record struct FileStamp(long Length, DateTime ChangedUtc);
