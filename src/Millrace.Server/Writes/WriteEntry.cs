using System.Buffers.Binary;
using System.Text;
using Millrace.Contracts.Records;

namespace Millrace.Server.Writes;

/// <summary>A part of a request as it stands in the log of writes.</summary>
/// <remarks>
/// The topic says what it is. JSON: the payload is the request's body. CSV: the payload is the length of a <see cref="CsvShape"/> in JSON (four bytes,
/// little-endian), that shape, and whole lines.
/// </remarks>
internal static class WriteEntry
{
    private const int LengthBytes = 4;

    public static ReadOnlySpan<byte> Json => "json"u8;

    public static ReadOnlySpan<byte> Csv => "csv"u8;

    /// <summary>Bytes that a shape takes before the lines.</summary>
    public static int HeadOf(byte[] shape) => LengthBytes + shape.Length;

    public static void WriteHead(byte[] shape, Span<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, shape.Length);
        shape.CopyTo(into[LengthBytes..]);
    }

    public static ReadOnlySpan<byte> ShapeOf(ReadOnlySpan<byte> payload) => payload.Slice(LengthBytes, BinaryPrimitives.ReadInt32LittleEndian(payload));

    public static ReadOnlySpan<byte> LinesOf(ReadOnlySpan<byte> payload) => payload[(LengthBytes + BinaryPrimitives.ReadInt32LittleEndian(payload))..];

    public static Record Of(bool isCsv, ReadOnlySpan<byte> payload) => new() { Topic = isCsv ? Csv : Json, Payload = payload, Offset = -1 };

    public static string Kind(in Record record) => Encoding.UTF8.GetString(record.Topic);
}
