namespace Millrace.Server.Reference;

/// <summary>The directory of reference files.</summary>
internal interface IReferenceFiles
{
    /// <summary>What changes when a file does; null where there is none.</summary>
    FileStamp? Stat(string file);

    /// <exception cref="IOException">It cannot be read, or is no file of this directory.</exception>
    byte[] Read(string file);
}
