using System.Diagnostics;
using System.Threading.Channels;

namespace Millrace.SystemTests.Interop;

/// <summary>mosquitto_sub, running; each message is a line of topic, QoS, RETAIN and payload, unless another format is asked for.</summary>
internal sealed class MosquittoSub : IAsyncDisposable
{
    /// <summary>For the value of -F: what follows is told apart by it from what -d prints.</summary>
    public const string Mark = "> ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();
    private readonly List<string> _all = [];
    private readonly Process _process;

    private MosquittoSub(Process process)
    {
        _process = process;
        process.OutputDataReceived += TakeOutput;
        process.ErrorDataReceived += TakeError;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it, and waits until its subscription is granted.</summary>
    public static async Task<MosquittoSub> StartAsync(BrokerUnderTest broker, params string[] arguments)
    {
        string[] format = arguments.Contains("-F") ? [] : ["-F", $"{Mark}%t %q %r %p"];
        // Into a pipe it would print whole blocks. stdbuf becomes the program, so that the process id is its own.
        var sub = new MosquittoSub(Process.Start(new ProcessStartInfo(
            "stdbuf", ["-oL", "mosquitto_sub", .. broker.MosquittoOptions, "-d", .. format, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        await sub.LogAsync("Subscribed (mid: 1)");
        return sub;
    }

    /// <summary>Starts it and ends it as soon as it has subscribed, which leaves a session behind with -c.</summary>
    public static async Task SubscribeOnlyAsync(BrokerUnderTest broker, params string[] arguments) =>
        Assert.Equal(0, (await Commands.RunAsync("mosquitto_sub", [.. broker.MosquittoOptions, "-E", .. arguments])).Code);

    /// <summary>The next message, without the mark.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _messages.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no message came. All that was printed:\n{All}");
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"mosquitto_sub has ended. All that was printed:\n{All}");
        }
    }

    public async Task<string[]> NextAsync(int count)
    {
        var messages = new string[count];
        for (var i = 0; i < count; i++) messages[i] = await NextAsync();
        return messages;
    }

    /// <summary>Messages that are here by now.</summary>
    public string[] Here()
    {
        var here = new List<string>();
        while (_messages.Reader.TryRead(out var message)) here.Add(message);
        return [.. here];
    }

    /// <summary>The next line printed by -d that begins so, or has it behind the client's name.</summary>
    public async Task<string> LogAsync(string beginning)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var line = await _log.Reader.ReadAsync(patience.Token);
                if (line.Contains(beginning, StringComparison.Ordinal)) return line;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"mosquitto_sub does not print '{beginning}' but:\n{All}", e);
        }
    }

    /// <summary>kill -9: to the broker as if the power had failed.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Ctrl-C: it leaves with DISCONNECT, which in MQTT 5 has the reason code 0x04, disconnect with will.</summary>
    public async Task InterruptAsync()
    {
        Assert.Equal(0, (await Commands.RunAsync("kill", ["-INT", $"{_process.Id}"])).Code);
        await EndAsync();
    }

    /// <summary>Waits for the end that -C or -W brings.</summary>
    public Task EndAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private string All
    {
        get
        {
            lock (_all) return string.Join('\n', _all);
        }
    }

    private void TakeOutput(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text)
        {
            _messages.Writer.TryComplete();
            _log.Writer.TryComplete();
            return;
        }

        lock (_all) _all.Add(text);
        if (text.StartsWith(Mark, StringComparison.Ordinal)) _messages.Writer.TryWrite(text[Mark.Length..]);
        else _log.Writer.TryWrite(text);
    }

    private void TakeError(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_all) _all.Add(line.Data);
    }
}
