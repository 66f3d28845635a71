using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.SystemTests.Interop;

/// <summary>mosquitto as a process, on free ports of the loopback and a directory of its own.</summary>
public sealed class MosquittoProcess : IAsyncDisposable
{
    private readonly string _directory = Scratch.Directory();
    private readonly StringBuilder _output = new();
    private Process? _process;

    public int Port { get; } = MillraceProcess.FreePort();

    public int WebSocketPort { get; } = MillraceProcess.FreePort();

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public static async Task<MosquittoProcess> StartAsync()
    {
        var mosquitto = new MosquittoProcess();
        await mosquitto.StartAgainAsync();
        return mosquitto;
    }

    public async Task StartAgainAsync()
    {
        var file = Path.Combine(_directory, "mosquitto.conf");
        // As root it would change to a user who may not write into the directory.
        await File.WriteAllTextAsync(file, $"""
            user {Environment.UserName}
            allow_anonymous true
            sys_interval 1
            max_packet_size 262144
            persistence true
            persistence_location {_directory}/
            listener {Port} 127.0.0.1
            listener {WebSocketPort} 127.0.0.1
            protocol websockets

            """);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", file, "-v"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.AsyncTrue(IsReadyAsync, TimeSpan.FromSeconds(10), () => Output);
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Scratch.Delete(_directory);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
