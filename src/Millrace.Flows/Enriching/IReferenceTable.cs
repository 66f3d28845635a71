using Millrace.Contracts;

namespace Millrace.Flows.Enriching;

/// <summary>The rows of one file by one of its columns, as the file was when it was last read without a mistake. Any thread may call.</summary>
public interface IReferenceTable
{
    /// <summary>The row of a key as a JSON object, good for ever and not to be written to; null where there is none.</summary>
    /// <exception cref="FaultException">Unavailable: the file was not read yet, because it is not there or has a mistake.</exception>
    byte[]? Find(ReadOnlySpan<byte> key);
}
