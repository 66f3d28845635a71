using Microsoft.AspNetCore.Http.Features;

namespace Millrace.Server.Api;

/// <summary>
/// What is left of a body that is too large. A client that sends all before it reads would meet a connection that was cut, and never see the refusal: so a body
/// that is not much too large is taken in, and dropped.
/// </summary>
internal static class BodyRest
{
    private const long Most = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task DropAsync(HttpContext context)
    {
        // Read-only: some of it was read, and its length is not known. Those who send in chunks have to read meanwhile.
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is null or { IsReadOnly: true } || context.Request.ContentLength is null or > Most) return;

        // Who asks first whether the body is wanted is told that it is not.
        if (context.Request.Headers.Expect.Count > 0) return;
        limit.MaxRequestBodySize = Most;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // It is refused all the same.
        }
    }
}
