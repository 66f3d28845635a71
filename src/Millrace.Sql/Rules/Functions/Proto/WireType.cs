namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>How a value stands in a message of Protocol Buffers.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
