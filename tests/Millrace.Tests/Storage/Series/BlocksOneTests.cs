using System.IO.Compression;

namespace Millrace.Tests.Storage.Series;

/// <summary>A directory whose block files are of before there were statistics in them opens, answers, and goes over to new ones as files are merged.</summary>
public sealed class BlocksOneTests : IDisposable
{
    private const string Totals =
        "SELECT vin, count(*), count(speed), sum(speed)::BIGINT, min(speed), max(speed), sum(gear), min(gear), max(gear), count(note), min(time), max(time) FROM fleet.telemetry WHERE time < '2026-05-31 21:00:00' GROUP BY vin ORDER BY vin";

    private static readonly string[] Expected =
    [
        "car0|900|810|39150|0.1|99.9|1794|-1|5|900|2026-05-31 18:00:00.000000000|2026-05-31 20:29:50.000000000",
        "car1|900|810|39068|0|99.9|1798|-1|5|900|2026-05-31 18:00:00.000000000|2026-05-31 20:29:50.000000000",
        "car2|900|810|39086|0|99.9|1802|-1|5|900|2026-05-31 18:00:00.000000000|2026-05-31 20:29:50.000000000",
    ];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"millrace-blocks-{Guid.NewGuid():N}");

    public BlocksOneTests()
    {
        using var zip = typeof(BlocksOneTests).Assembly.GetManifestResourceStream("series-blocks-1.zip")!;
        ZipFile.ExtractToDirectory(zip, _directory);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_answers_and_what_is_merged_is_of_the_new_layout()
    {
        using var rig = new SeriesRig(directory: _directory);
        Assert.Equal(["MILLBLK1", "MILLBLK1"], Magics());
        Assert.Equal(Expected, await rig.LinesAsync(Totals));
        Assert.Equal(["car0|898|809|39149"], await rig.LinesAsync("SELECT vin, count(*), count(speed), round(sum(speed))::BIGINT FROM fleet.telemetry WHERE vin = 'car0' AND time > '2026-05-31 18:00:10' GROUP BY vin"));

        rig.Clock.Advance(TimeSpan.FromHours(2));
        rig.Write(Enumerable.Range(0, 500).Select(static i => SeriesRig.Speed("car1", i, SeriesRig.Now - (7200 * SeriesRig.Second) + i) with { Measure = "status", Value = new Dictionary<string, object> { ["gear"] = 5L } }));
        for (var moves = 0; moves < 100 && Magics().Contains("MILLBLK1"); moves++)
        {
            // A merge begins when no move waits.
            await rig.SettledAsync();
            Assert.Equal(Expected, await rig.LinesAsync(Totals));
        }

        Assert.Equal(["MILLBLK2"], Magics());
        rig.Reopen();
        Assert.Equal(Expected, await rig.LinesAsync(Totals));
    }

    private string[] Magics() =>
        [.. Directory.GetFiles(_directory, "*.blocks", SearchOption.AllDirectories).Select(static path => System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(path).AsSpan(0, 8)))];
}
