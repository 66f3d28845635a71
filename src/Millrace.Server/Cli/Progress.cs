using System.Diagnostics;
using System.Globalization;

namespace Millrace.Server.Cli;

/// <summary>A line on the error output that tells how far something is, from its third second on, and only where somebody looks.</summary>
internal sealed class Progress : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private const int BarWidth = 24;

    private readonly CliContext _context;
    private readonly string _what;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly PeriodicTimer _timer = new(Every);
    private readonly Task _telling;
    private long _done;
    private bool _told;

    /// <param name="context">Where to.</param>
    /// <param name="what">What goes on.</param>
    public Progress(CliContext context, string what)
    {
        (_context, _what) = (context, what);
        _telling = context.ShowsProgress ? TellAsync() : Task.CompletedTask;
    }

    /// <summary>Bytes in all; 0 where nobody knows.</summary>
    public long Total { get; set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    public long Done => Interlocked.Read(ref _done);

    public void Add(long bytes) => Interlocked.Add(ref _done, bytes);

    /// <summary>What is behind an amount of bytes, as people read it.</summary>
    public static string Size(double bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000_000:0.00} GB"),
    };

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _telling;
        if (_told) await _context.Error.WriteAsync("\r\u001b[K");
    }

    private async Task TellAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (Elapsed < First) continue;
            _told = true;
            await _context.Error.WriteAsync($"\r\u001b[K{Line()}");
        }
    }

    private string Line()
    {
        var (done, seconds) = (Done, Elapsed.TotalSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{_what}: {Size(done)}, {Size(done / seconds)}/s, {seconds:0} s");
        if (Total <= 0) return text;
        var part = Math.Clamp((double)done / Total, 0, 1);
        var full = (int)(part * BarWidth);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', BarWidth - full)}] {part:0%} {text}");
    }
}
