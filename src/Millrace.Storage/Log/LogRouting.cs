namespace Millrace.Storage.Log;

/// <summary>How a log finds the partition of a key.</summary>
public enum LogRouting
{
    /// <summary>By a CRC of the key, spread evenly: logs of the server's own.</summary>
    Crc,

    /// <summary>By MD5 and <see cref="HashRanges"/>, as Kinesis does: streams.</summary>
    Md5,
}
