using System.Net;

namespace Millrace.Server.Api;

/// <summary>
/// Keeps other people's web pages out. Who may speak to the server without a password is decided by the loopback address; a browser on this machine
/// carries requests of any page there, under a name that leads to 127.0.0.1 or from another origin.
/// </summary>
internal static class LoopbackGuard
{
    public static void UseLoopbackGuard(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        var refusal = RefusalOf(request.Host, origin);
        if (refusal is null)
        {
            Headers(context.Response.Headers);
            await next(context);
            return;
        }

        await QueryApi.RefuseAsync(context, StatusCodes.Status403Forbidden, new ApiError(refusal, Kind: "refused"));
    });

    /// <returns>Null where the request may pass.</returns>
    internal static string? RefusalOf(HostString host, string origin) =>
        !IsLoopback(host.Host) ? $"this server answers to localhost, not to '{host.Host}'"
        : origin.Length > 0 && !IsSameOrigin(origin, host) ? $"pages of {origin} may not use this server"
        : null;

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private static void Headers(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
