using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli.Settings;

/// <summary>Addresses to listen on or to connect to: <c>127.0.0.1:1883</c>, <c>[::1]:1883</c>, <c>localhost:0</c>.</summary>
internal static class Endpoints
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endpoint, [NotNullWhen(false)] out string? wrong)
    {
        endpoint = null;
        wrong = null;
        var colon = text.LastIndexOf(':');
        var address = colon < 0 ? "" : text[..colon];
        if (colon < 0 || address.Length == 0 || address.Contains(':', StringComparison.Ordinal) != address.StartsWith('['))
        {
            wrong = $"must be ADDRESS:PORT, as 127.0.0.1:1883 or [::1]:1883, not {Quote.Text(text)}";
        }
        else if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
        {
            wrong = $"the port must be from 0 to {IPEndPoint.MaxPort}, not {Quote.Text(text[(colon + 1)..])}";
        }
        else if (address == "localhost")
        {
            endpoint = new IPEndPoint(IPAddress.Loopback, port);
        }
        else if (TryParseAddress(address) is { } ip)
        {
            endpoint = new IPEndPoint(ip, port);
        }
        else
        {
            wrong = $"{Quote.Text(address)} is no address: write it in numbers, or localhost";
        }

        return endpoint is not null;
    }

    /// <summary>Four numbers or IPv6 in brackets. IPAddress alone would also take <c>1</c>, <c>0x7f.1</c> and the like.</summary>
    private static IPAddress? TryParseAddress(string text)
    {
        var bracketed = text.StartsWith('[') && text.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? text[1..^1] : text, out var ip)) return null;
        return bracketed
            ? ip.AddressFamily == AddressFamily.InterNetworkV6 ? ip : null
            : ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == text ? ip : null;
    }
}
