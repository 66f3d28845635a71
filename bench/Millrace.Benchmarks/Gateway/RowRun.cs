using System.Diagnostics;
using System.Net.Sockets;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Gateway;

/// <summary>All rounds of one row, on one broker of each kind where the measure allows it.</summary>
internal sealed class RowRun(GatewayRow row, GatewayOptions options, TestCertificate certificate)
{
    // Code is compiled well only after it has run for a while, which takes the longer the busier the machine is.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly IMeasure _measure = row.Measure(options);

    /// <returns>With the reason where it could not be measured; that of one row does not end the others.</returns>
    public async Task<GatewayResult> RunAsync(BrokerKind ours, BrokerKind theirs, CancellationToken stop)
    {
        var result = new GatewayResult { Name = row.Name, Group = row.Group, Title = row.Title, Unit = _measure.Unit };
        try
        {
            var (our, their) = _measure.NeedsFreshBroker ? await FreshAsync(ours, theirs, stop) : await WarmAsync(ours, theirs, stop);
            return result with { Ours = our, Theirs = their };
        }
        catch (FaultException e)
        {
            return result with { Problem = e.Message, HasFailed = e.Fault != Fault.Refused };
        }
    }

    // Both stand all the time: the one that is not at work costs nothing. Who begins changes from round to round.
    private async Task<(List<GatewayFigures> Ours, List<GatewayFigures> Theirs)> WarmAsync(BrokerKind ours, BrokerKind theirs, CancellationToken stop)
    {
        await using var our = await StartAsync(ours, stop);
        await using var their = await StartAsync(theirs, stop);
        List<GatewayFigures> ourRounds = [], theirRounds = [];
        for (var i = 1; i <= options.Repeat; i++)
        {
            if (i % 2 == 1) ourRounds.Add(await RoundAsync(our, i, stop));
            theirRounds.Add(await RoundAsync(their, i, stop));
            if (i % 2 == 0) ourRounds.Add(await RoundAsync(our, i, stop));
        }

        return (ourRounds, theirRounds);
    }

    private async Task<(List<GatewayFigures> Ours, List<GatewayFigures> Theirs)> FreshAsync(BrokerKind ours, BrokerKind theirs, CancellationToken stop)
    {
        List<GatewayFigures> ourRounds = [], theirRounds = [];
        for (var i = 1; i <= options.Repeat; i++)
        {
            ourRounds.Add(await OnceAsync(ours, i));
            theirRounds.Add(await OnceAsync(theirs, i));
        }

        return (ourRounds, theirRounds);

        async Task<GatewayFigures> OnceAsync(BrokerKind kind, int round)
        {
            await using var broker = await StartAsync(kind, stop);
            return await RoundAsync(broker, round, stop);
        }
    }

    private async Task<BrokerRun> StartAsync(BrokerKind kind, CancellationToken stop)
    {
        var tls = row.OverTls ? certificate : null;
        var broker = new BrokerRun(kind.Name, await kind.StartAsync(tls, stop), tls?.CertificateFile);
        try
        {
            await WatchedAsync(broker, "warm-up", 1, async (_, limit) =>
            {
                var started = Stopwatch.GetTimestamp();
                do await _measure.WarmUpAsync(broker, limit);
                while (Stopwatch.GetElapsedTime(started) < WarmUp);
                return 0;
            }, stop);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    private Task<GatewayFigures> RoundAsync(BrokerRun broker, int number, CancellationToken stop) =>
        WatchedAsync(broker, $"round {number}", _measure.Steps, (progress, limit) => _measure.RunAsync(broker, progress, limit), stop);

    private async Task<T> WatchedAsync<T>(
        BrokerRun broker, string what, long steps, Func<Action<long>, CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.RoundLimit);
        var title = $"{row.Name}, {broker.Name}, {what}";
        try
        {
            return await ProgressDisplay.ShowAsync(title, steps, progress => work(progress, limit.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{title}: not done within {options.RoundLimit.TotalMinutes} minutes (--limit)");
        }
        catch (FaultException e) when (e.Fault == Fault.Refused)
        {
            throw new FaultException(e.Fault, $"{broker.Name}: {e.Message}", e);
        }
        catch (Exception e) when (e is FaultException or HttpRequestException or IOException or SocketException)
        {
            await broker.Broker.Process.ThrowIfExitsSoonAsync();
            throw new FaultException(Fault.Unavailable, $"{title}: {e.Message}\n{broker.Broker.Process.LastLines}", e);
        }
    }
}
