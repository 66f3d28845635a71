using Millrace.Contracts;

namespace Millrace.Server.Api;

/// <summary>Answers of endpoints that change what is registered.</summary>
internal static class Refusals
{
    /// <summary>What a room refuses is told in its words.</summary>
    public static RouteGroupBuilder RefuseInWords(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (FaultException refused) when (refused.Fault == Fault.Refused)
            {
                return Refused(refused.Message);
            }
        });
        return group;
    }

    public static IResult Refused(string message) =>
        Results.Json(new ErrorAnswer(new ApiError(message, Kind: "refused")), Answers.Default.ErrorAnswer, statusCode: 400);

    private static IResult NotFound(string message) =>
        Results.Json(new ErrorAnswer(new ApiError(message, Kind: "notFound")), Answers.Default.ErrorAnswer, statusCode: 404);

    /// <param name="found">Null or false where there is none.</param>
    /// <param name="what">As <c>user anna</c>.</param>
    public static IResult OrNotFound<T>(T? found, string what) =>
        found is null or false ? NotFound($"there is no {what}")
        : found is true ? Results.NoContent()
        : Results.Ok(found);
}
