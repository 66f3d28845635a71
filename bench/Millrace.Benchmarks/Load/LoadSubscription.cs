namespace Millrace.Benchmarks.Load;

/// <summary>Who gets what is published.</summary>
/// <param name="Subscribers">Connections, each with this one filter.</param>
/// <param name="Filter">One that begins with <c>$share/</c> spreads the messages over all of them.</param>
/// <param name="Qos">Asked for; less is taken for a refusal.</param>
internal sealed record LoadSubscription(int Subscribers, string Filter, int Qos)
{
    /// <summary>Of one message, provided that the filter matches it.</summary>
    public int Deliveries => Filter.StartsWith("$share/", StringComparison.Ordinal) ? 1 : Subscribers;
}
