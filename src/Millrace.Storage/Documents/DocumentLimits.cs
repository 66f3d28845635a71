using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>How large a document, and what is written at once, may be.</summary>
public static class DocumentLimits
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int MaxCollection = 64;

    /// <summary>Bytes of UTF-8: an MQTT client id fits.</summary>
    public const int MaxKey = 65_535;

    public const int MaxValue = 1024 * 1024;

    /// <summary>All changes of one write together, as they stand in the journal.</summary>
    public const int MaxWrite = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The bytes that the changes take in the journal.</returns>
    /// <exception cref="FaultException">Refused: one of them is beyond a limit.</exception>
    public static int Check(ReadOnlySpan<DocumentChange> changes)
    {
        var sum = 0;
        foreach (var change in changes)
        {
            var value = change.Value?.Length ?? 0;
            sum += ChangeBytes.Head + BytesOf(change.Collection, MaxCollection, "the name of a collection") + BytesOf(change.Key, MaxKey, "a key") + value;
            if (value > MaxValue) throw Refused($"{change.Collection}/{Shown(change.Key)} has {value} bytes; a document has at most {MaxValue}");
            if (sum > MaxWrite) throw Refused($"one write holds at most {MaxWrite} bytes; write these {changes.Length} changes in several");
        }

        return sum;
    }

    private static int BytesOf(string? name, int most, string what)
    {
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(name ?? "");
        }
        catch (EncoderFallbackException e)
        {
            throw new FaultException(Fault.Refused, $"{what} is no valid text: half a surrogate pair stands at {e.Index}", e);
        }

        if (bytes == 0) throw Refused($"{what} is empty");
        return bytes <= most ? bytes : throw Refused($"{what} has {bytes} bytes of UTF-8; it has at most {most}: {Shown(name!)}");
    }

    private static string Shown(string name) => name.Length <= 80 ? name : name[..80] + "…";

    private static FaultException Refused(string message) => new(Fault.Refused, message);
}
