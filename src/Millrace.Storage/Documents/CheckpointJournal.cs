using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>The bytes of the checkpoint file: one line for each write, its CRC-32C in eight hex digits, a space, and a JSON array.</summary>
/// <remarks>Later lines win. A write is one line, and is fsynced before the next: only the last line can be torn.</remarks>
internal static class CheckpointJournal
{
    private const int CrcLength = 8;
    private const byte LineEnd = (byte)'\n';

    public static byte[] Line(List<CheckpointEntry> entries)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entries, CheckpointJson.Default.ListCheckpointEntry);
        var line = new byte[CrcLength + 1 + json.Length + 1];
        Encoding.ASCII.GetBytes(Crc32C.Of(json).ToString("x8", CultureInfo.InvariantCulture), line);
        line[CrcLength] = (byte)' ';
        json.CopyTo(line, CrcLength + 1);
        line[^1] = LineEnd;
        return line;
    }

    /// <summary>Applies all lines.</summary>
    /// <returns>The length of what is whole; behind it stands a torn line that was never acknowledged.</returns>
    /// <exception cref="FaultException">Corrupt: a bad line has a good one behind it.</exception>
    public static int Replay(string path, ReadOnlySpan<byte> bytes, Action<CheckpointEntry> apply)
    {
        var whole = 0;
        var bad = -1;
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes[at..].IndexOf(LineEnd);
            var entries = length < 0 ? null : Read(bytes.Slice(at, length));
            if (entries is null) bad = bad < 0 ? at : bad;
            else if (bad >= 0) throw new FaultException(Fault.Corrupt, $"{path}, byte {bad}: the checksum of a saved checkpoint does not fit; restore the file from a copy, or delete this line: its flow then starts again from an older checkpoint");
            else foreach (var entry in entries) apply(entry);

            at = length < 0 ? bytes.Length : at + length + 1;
            if (bad < 0) whole = at;
        }

        return whole;
    }

    private static List<CheckpointEntry>? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length <= CrcLength || line[CrcLength] != ' ') return null;
        var json = line[(CrcLength + 1)..];
        if (!uint.TryParse(line[..CrcLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc) || crc != Crc32C.Of(json)) return null;
        return JsonSerializer.Deserialize(json, CheckpointJson.Default.ListCheckpointEntry);
    }
}
