namespace Millrace.Server.Listeners;

/// <summary>Says of a connection which listener it came in by. Requests without one go nowhere.</summary>
/// <param name="Device">Null: the console's and the API's own endpoint.</param>
internal sealed record ListenerMark(DeviceRoutes? Device)
{
    public static ListenerMark Console { get; } = new((DeviceRoutes?)null);
}
