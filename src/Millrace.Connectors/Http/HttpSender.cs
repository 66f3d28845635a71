using Millrace.Connectors.Lanes;
using Millrace.Contracts;

namespace Millrace.Connectors.Http;

/// <summary>Makes one request at a time, and tells what the destination says to it.</summary>
internal sealed class HttpSender(HttpTarget target, HttpMessageInvoker client, LaneMemory memory, TimeProvider clock) : IDisposable
{
    /// <summary>Until the destination wants to be asked again.</summary>
    public Task RestAsync(CancellationToken stop)
    {
        var wait = memory.NotBefore - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, stop) : Task.CompletedTask;
    }

    /// <param name="head">The first record of the request.</param>
    /// <param name="request">Disposed here.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Why it is refused for good; null where it was delivered.</returns>
    /// <exception cref="FaultException">Unavailable: the same request later.</exception>
    public async ValueTask<string?> SendAsync(RecordPlace head, HttpRequestMessage request, CancellationToken stop)
    {
        using var asked = request;
        var verdict = await AskAsync(request, stop).ConfigureAwait(false);
        switch (verdict.Outcome)
        {
            case HttpOutcome.Delivered: return null;
            case HttpOutcome.Refused: return verdict.Reason;
            case HttpOutcome.Failed when memory.Failed(head) is var times && target.Tries > 0 && times >= target.Tries:
                return $"{verdict.Reason} (tried {times} times)";
            default:
                memory.NotBefore = clock.GetUtcNow() + verdict.RetryAfter;
                throw new FaultException(Fault.Unavailable, $"{Site(request)} answers {verdict.Reason}");
        }
    }

    public async ValueTask<HttpVerdict> AskAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(target.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            using var answer = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            return await HttpVerdict.OfAsync(answer, clock.GetUtcNow(), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{Site(request)} did not answer within {target.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException broken) when (Forbidden(broken) is { } reason)
        {
            return new HttpVerdict(HttpOutcome.Refused, reason, TimeSpan.Zero);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new FaultException(Fault.Unavailable, $"{Site(request)} cannot be reached: {(broken.InnerException ?? broken).Message}", broken);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Paths and queries may hold what is not for logs.</summary>
    private static string Site(HttpRequestMessage request) => request.RequestUri!.GetLeftPart(UriPartial.Authority);

    private static string? Forbidden(HttpRequestException broken)
    {
        for (Exception? at = broken; at is not null; at = at.InnerException)
            if (at is FaultException { Fault: Fault.Refused } refused) return refused.Message;
        return null;
    }
}
