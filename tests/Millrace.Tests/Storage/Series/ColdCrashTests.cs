using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>
/// The power goes off at any write, sync, rename or deletion of a move, a merge, an expiry or an upload, and the disk is full, or fails: nothing is lost, nothing is
/// there twice.
/// </summary>
public sealed class ColdCrashTests
{
    private const long HourNs = 3_600_000_000_000;

    private static readonly TimeSpan Retention = TimeSpan.FromHours(60);

    [Theory, Seeds(500)]
    public void What_is_in_files_is_what_the_flow_reached_however_often_the_power_goes_off(int seed) => new Run(seed, withBucket: false).Go();

    [Theory, Seeds(500)]
    public void The_same_with_a_bucket_that_comes_and_goes_and_disks_that_are_wiped(int seed) => new Run(seed, withBucket: true).Go();

    private sealed class Run(int seed, bool withBucket)
    {
        private readonly Random _random = new(seed);
        private readonly ManualClock _clock = new();
        private readonly MemoryBucket _bucket = new();
        private readonly List<Point> _log = [];
        private CrashingDisk _disk = new(new Random(seed)) { LiesAfterFailedSync = seed % 2 == 0 };
        private ColdRig _rig = null!;
        private long _safe;

        public void Go()
        {
            Open();
            for (var step = 0; step < 30; step++)
            {
                if (_random.Next(3) == 0) _disk.CrashAfter(_random.Next(1, 60));
                if (_random.Next(12) == 0) _disk.FailSyncs(1);
                if (_random.Next(12) == 0) _disk.FailWrites(_random.Next(1, 4));
                if (_random.Next(6) == 0) _disk.Capacity = _disk.Capacity - _disk.FreeBytes + _random.Next(6000);
                if (_random.Next(4) == 0) _bucket.GoAwayAfter(_random.Next(1, 8));
                try
                {
                    Step();
                }
                catch (Exception failed) when (failed is IOException or FaultException { Fault: Fault.Unavailable })
                {
                    // Where only a sync failed, or the bucket is away, the store goes on and tries again; so it does here, after a crash or not.
                }

                _disk.Capacity = long.MaxValue;
                _disk.FailWrites(0);
                _bucket.Away = false;
                _bucket.GoAwayAfter(int.MaxValue);
                if (_disk.Crashed || _random.Next(8) == 0) Restart();
                if (withBucket && _random.Next(15) == 0) Wipe();
            }

            Restart();
            Replay();
            _rig.Move();
            while (_rig.Merge(static () => { }))
            {
                // Until all is well.
            }

            Check();
        }

        private void Step()
        {
            switch (_random.Next(9))
            {
                case < 3:
                    Replay();
                    Write();
                    break;
                case 3 or 4:
                    _rig.Move();
                    break;
                case 5 or 6:
                    // Rows that wait for their files while a merge runs are moved in between.
                    _rig.Merge(() =>
                    {
                        if (_random.Next(4) == 0) _rig.Move();
                    });
                    break;
                case 7:
                    _clock.Advance(TimeSpan.FromHours(_random.Next(8)));
                    _rig.Expire();
                    break;
                default:
                    if (!withBucket) break;
                    Upload();
                    _rig.Evict();
                    break;
            }
        }

        private void Write()
        {
            var points = new List<Point>();
            for (var i = _random.Next(1, 80); i > 0; i--)
            {
                var age = (long)(Math.Pow(_random.NextDouble(), 3) * 50 * HourNs);
                points.Add(SeriesRig.Speed($"car{_random.Next(6)}", _random.Next(5), (_clock.NowNs - age) / (HourNs / 4) * (HourNs / 4), _random.Next(1, 4)));
            }

            _log.AddRange(points);
            _rig.Write(points);
            Check();
        }

        private void Upload()
        {
            var generation = _rig.Manifest;
            while (_rig.Remote!.UploadAsync(CancellationToken.None).GetAwaiter().GetResult())
            {
                // Until all is there.
            }

            if (generation.Flows.TryGetValue(ColdRig.Flow, out var reached)) _safe = reached.Offset;
        }

        private void Open()
        {
            _rig = new ColdRig(_disk, _clock, Retention, withBucket ? _bucket : null, diskLimit: _random.Next(2) == 0 ? 2000 : null);
            Check();
        }

        private void Restart()
        {
            var reached = _rig.Manifest.Flows.TryGetValue(ColdRig.Flow, out var checkpoint) ? checkpoint.Offset : 0;
            if (!_disk.Crashed && _random.Next(2) == 0) _disk.RestartProcess();
            else _disk.Restart();
            Open();
            Assert.True(_rig.Offset >= reached, $"{reached} was committed, {_rig.Offset} is there");
        }

        private void Wipe()
        {
            _disk = new CrashingDisk(new Random(seed)) { LiesAfterFailedSync = seed % 2 == 0 };
            Open();
            Assert.True(_rig.Offset >= _safe, $"{_safe} was in the bucket, {_rig.Offset} came back");
        }

        // What came after the checkpoint comes again from the log.
        private void Replay()
        {
            if (_rig.Offset < _log.Count) _rig.Write(_log.GetRange((int)_rig.Offset, _log.Count - (int)_rig.Offset));
        }

        private void Check()
        {
            var expected = new SortedDictionary<(string, long), double>();
            var versions = new Dictionary<(string, long), long>();
            foreach (var point in _log.Take((int)_rig.Offset))
            {
                var key = (point.Dimensions[0].Value, point.TimeNs);
                if (versions.TryGetValue(key, out var version) && point.Version <= version) continue;
                versions[key] = point.Version;
                if (point.TimeNs >= _rig.Table.KeptFromNs(_clock.GetUtcNow())) expected[key] = (double)point.Value;
            }

            Assert.Equal(expected, _rig.Rows());
        }
    }
}
