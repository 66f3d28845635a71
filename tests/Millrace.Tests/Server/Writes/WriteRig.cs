using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Server.Writes;
using Millrace.Storage.Log;
using Millrace.Storage.Series;
using Millrace.Testing.Storage;
using Millrace.Tests.Storage.Series;

namespace Millrace.Tests.Server.Writes;

/// <summary>The door for writing, with a log in memory and a series store behind it.</summary>
internal sealed class WriteRig : IAsyncDisposable
{
    private readonly MemoryDisk _disk = new();
    private LogStore _logs = null!;

    public WriteRig() => Open();

    public SeriesRig Series { get; } = new();

    public WriteLog Log { get; private set; } = null!;

    public static long Ms => SeriesRig.Now / 1_000_000;

    /// <summary>As after kill -9: what is in memory is gone, and what was safe is there.</summary>
    public async Task CrashAsync()
    {
        await CloseAsync();
        Series.Reopen();
        Open();
    }

    public async Task<WriteResult> CsvAsync(string parameters, string text)
    {
        var request = CsvRequest.Of(parameters.Split('&').Select(static one => KeyValuePair.Create(one.Split('=')[0], one.Split('=')[1])));
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await new CsvUpload(Log, request, () => Series.Store.DimensionsOf(request.Table)).RunAsync(body, TestContext.Current.CancellationToken);
    }

    public async Task<WriteResult> JsonAsync(string json)
    {
        using (var parsed = JsonDocument.Parse(json)) WriteRecords.Check(parsed.RootElement);
        return await await Log.AppendAsync(isCsv: false, Encoding.UTF8.GetBytes(json), TestContext.Current.CancellationToken);
    }

    public Task<WriteResult> RecordsAsync(string records, string common = "{}") =>
        JsonAsync($$"""{"DatabaseName":"fleet","TableName":"telemetry","CommonAttributes":{{common}},"Records":[{{records}}]}""");

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Series.Dispose();
    }

    private void Open()
    {
        _logs = LogStore.Open(_disk, new LogOptions(), Series.Clock, NullLogger.Instance);
        Log = new WriteLog(_logs.GetOrCreate(WriteLog.LogName, 1), Series.Store, Series.Clock, NullLogger.Instance);
        Log.Start();
    }

    private async Task CloseAsync()
    {
        await Log.DisposeAsync();
        await _logs.DisposeAsync();
    }
}
