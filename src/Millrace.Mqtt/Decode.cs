namespace Millrace.Mqtt;

/// <summary>What became of an attempt to read a packet.</summary>
public enum Decode
{
    /// <summary>A whole packet was read.</summary>
    Done,

    /// <summary>What is there so far is fine, and is not the whole packet.</summary>
    NeedMore,

    /// <summary>No further byte can make this a packet that may be read: close the connection.</summary>
    Malformed,
}
