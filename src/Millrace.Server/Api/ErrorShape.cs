using Millrace.Contracts;

namespace Millrace.Server.Api;

/// <summary>Every refusal is an <see cref="ErrorAnswer"/>, also those that no handler of ours wrote.</summary>
internal static partial class ErrorShape
{
    public static void UseErrorShape(this WebApplication app)
    {
        var logger = app.Logger;
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to be answered.
                return;
            }
            catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
            {
                if (bad.StatusCode == StatusCodes.Status413PayloadTooLarge) await BodyRest.DropAsync(context);
                context.Response.StatusCode = bad.StatusCode;
            }
            catch (FaultException fault) when (fault.Fault == Fault.Unavailable && !context.Response.HasStarted)
            {
                await QueryApi.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new ApiError(fault.Message, Kind: "unavailable"));
                return;
            }
#pragma warning disable CA1031 // The request ends here; the server goes on, and says what happened.
            catch (Exception failure) when (!context.Response.HasStarted)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure, context.Request.Path);
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }

            var response = context.Response;
            if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null) return;
            await QueryApi.RefuseAsync(context, response.StatusCode, new ApiError(MessageOf(context), Kind: KindOf(response.StatusCode)));
        });
    }

    private static string MessageOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => "the request cannot be read: a parameter has a value of another kind, or the body is broken off",
        StatusCodes.Status404NotFound => $"there is nothing at {context.Request.Path}; /openapi/v1.json lists what there is",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} takes {context.Response.Headers.Allow}, not {context.Request.Method}",
        StatusCodes.Status413PayloadTooLarge => "the body is larger than this server takes",
        StatusCodes.Status415UnsupportedMediaType => "the body is of another media type; send application/json",
        StatusCodes.Status500InternalServerError => "the server failed on this request; its log says why",
        var status => $"the request was refused with status {status}",
    };

    private static string KindOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "notFound",
        >= 500 => "unavailable",
        _ => "request",
    };

    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "The request for {Path} failed")]
    private static partial void LogFailed(ILogger logger, Exception failure, PathString path);
}
