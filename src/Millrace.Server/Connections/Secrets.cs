using System.Buffers;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Flows;
using Millrace.Flows.Options;

namespace Millrace.Server.Connections;

/// <summary>Finds the secrets that options point to. Asked anew at each opening of a sink, so that a changed one is taken without a restart.</summary>
internal static class Secrets
{
    private const int Longest = 64 * 1024;

    /// <param name="text">See <see cref="SecretText"/>; null gives null.</param>
    /// <param name="place">Where it is needed.</param>
    /// <exception cref="FaultException">Unavailable: it is not there. The message names the place, never what stands there.</exception>
    public static string? Find(string? text, SinkPlace place)
    {
        if (text is null) return null;
        if (text.StartsWith(SecretText.Environment, StringComparison.Ordinal)) return OfEnvironment(text[SecretText.Environment.Length..]);
        return text.StartsWith(SecretText.File, StringComparison.Ordinal) ? OfFile(text[SecretText.File.Length..]) : OfFunction(text, place);
    }

    /// <summary>As <see cref="Find"/>, for a header: visible ASCII alone.</summary>
    /// <exception cref="FaultException">Unavailable: it is not there, or holds what no header can.</exception>
    public static string? FindVisible(string? text, SinkPlace place) =>
        Find(text, place) is var secret && !secret.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? secret
            : throw new FaultException(Fault.Unavailable, $"the secret at {text} holds a line break or another character that no header can: put it right there");

    private static string OfEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new FaultException(Fault.Unavailable, $"the environment variable {name}, which holds a secret of this flow, is not set: set it and start the server again");

    private static string OfFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > Longest) throw new FaultException(Fault.Unavailable, $"the file {path} is too large for a secret: at most {Longest} bytes");
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"the file {path}, which holds a secret of this flow, cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static string OfFunction(string text, SinkPlace place)
    {
        var into = new ArrayBufferWriter<byte>();
        return place.Text(text).TryRender(new Record(), into, out var reason)
            ? Encoding.UTF8.GetString(into.WrittenSpan)
            : throw new FaultException(Fault.Unavailable, $"a secret of this flow cannot be had: {reason}");
    }
}
