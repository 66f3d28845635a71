using System.Text.Json;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>Where one engine keeps one shape of data, loaded once.</summary>
internal sealed class EngineHome(EngineKind kind, DataShape shape, string parent)
{
    private readonly string _directory = Path.Combine(parent, kind.Name);

    private string LoadedFile => Path.Combine(parent, $"{kind.Name}.json");

    /// <summary>The first time, and what it came to; later what it came to then.</summary>
    public async Task<LoadResult> LoadAsync(CancellationToken stop)
    {
        if (File.Exists(LoadedFile))
        {
            ProgressDisplay.Note($"{kind.Title}: loaded before, in {_directory}");
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(LoadedFile, stop), BenchmarkJson.Indented.LoadResult)!;
        }

        // What an interrupted run has left is not whole.
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        Directory.CreateDirectory(_directory);
        LoadResult result;
        await using (var engine = await kind.StartAsync(_directory, stop))
        {
            try
            {
                result = await new SeriesLoad(engine, kind.Title, shape).RunAsync(stop);
                await engine.StopAsync();
            }
            catch when (engine.Process.HasExited)
            {
                engine.Process.ThrowIfExited();
                throw;
            }
        }

        await File.WriteAllTextAsync(LoadedFile, JsonSerializer.Serialize(result, BenchmarkJson.Indented.LoadResult), stop);
        return result;
    }

    /// <summary>On what was loaded, with nothing of it in memory.</summary>
    public Task<IEngine> StartColdAsync(CancellationToken stop)
    {
        FileCache.Drop(_directory);
        return kind.StartAsync(_directory, stop);
    }
}
