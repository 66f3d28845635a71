using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Gateway.Http;
using Millrace.Gateway.Kestrel;

namespace Millrace.Server.Listeners;

/// <summary>What the HTTP of one listener of devices answers: publishing or WebSockets, and nothing of the console or the API.</summary>
internal sealed class DeviceRoutes
{
    private const string Topics = "/topics/";

    private readonly ListenerDeclaration _listener;
    private readonly Func<HttpContext, Task> _answer;

    private DeviceRoutes(ListenerDeclaration listener, Func<HttpContext, Task> answer) => (_listener, _answer) = (listener, answer);

    public static DeviceRoutes Publish(ListenerDeclaration listener, Broker broker)
    {
        var door = new TopicsDoor(broker, listener.Options);
        return new DeviceRoutes(listener, context => !context.Request.Path.StartsWithSegments("/topics") ? NothingAsync(context, $"POST {Topics}{{topic}}")
            : HttpMethods.IsPost(context.Request.Method) ? door.PublishAsync(context)
            : RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Publish with POST."));
    }

    public static DeviceRoutes WebSocket(ListenerDeclaration listener, Broker broker)
    {
        var mqtt = new MqttWebSocketHandler(broker, listener.Options);
        return new DeviceRoutes(
            listener, context => context.Request.Path.Value is "/mqtt" or "/" ? mqtt.RunAsync(context) : NothingAsync(context, "GET /mqtt"));
    }

    /// <summary>Takes the requests of devices out, before anything that is for the console and the API sees them.</summary>
    public static void Use(WebApplication app)
    {
        var devices = ((IApplicationBuilder)app).New();
        devices.UseWebSockets();
        devices.Run(static context => context.Features.Get<ListenerMark>()!.Device!.AnswerAsync(context));
        var toDevices = devices.Build();
        app.Use(next => context => context.Features.Get<ListenerMark>() switch
        {
            { Device: not null } => toDevices(context),
            not null => next(context),
            null => NothingAsync(context, "nothing"),
        });
    }

    private Task AnswerAsync(HttpContext context)
    {
        var refusal = RefusalOf(_listener, context.Request.Headers.Origin.ToString());
        return refusal is null ? _answer(context) : RefuseAsync(context, StatusCodes.Status403Forbidden, refusal);
    }

    /// <summary>
    /// A browser sends its user's certificate, and the address of its machine, along with the requests of any page. Where one of these opens the
    /// door, pages of others must have been named.
    /// </summary>
    /// <returns>Null where the request may pass.</returns>
    internal static string? RefusalOf(ListenerDeclaration listener, string origin)
    {
        var isOpen = (listener.Options.Credentials & (CredentialKinds.Anonymous | CredentialKinds.Certificate)) == 0;
        if (isOpen || origin.Length == 0 || listener.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return null;
        return Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.IsLoopback
            ? null
            : $"Pages of {origin} may not use this listener; name them under origins.";
    }

    private static Task NothingAsync(HttpContext context, string there) =>
        RefuseAsync(context, StatusCodes.Status404NotFound, $"There is nothing here; this listener answers {there}.");

    private static Task RefuseAsync(HttpContext context, int status, string message) => TopicsEndpoint.AnswerAsync(context, status, message);
}
