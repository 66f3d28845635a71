using System.Diagnostics;
using System.Net.Sockets;

namespace Millrace.SystemTests.Connectors;

/// <summary>npm's s3rver: S3 over a directory, which keeps what it took over kill -9.</summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Key = "S3RVER";
    public const string Bucket = "millrace-cold";

    private readonly string _directory = Scratch.Directory();
    private Process? _process;

    public int Port { get; } = MillraceProcess.FreePort();

    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>For a program that is to use it.</summary>
    public static Dictionary<string, string> Credentials => new() { ["AWS_ACCESS_KEY_ID"] = Key, ["AWS_SECRET_ACCESS_KEY"] = Key };

    public static async Task<S3Server> StartAsync()
    {
        var server = new S3Server();
        await server.ComeBackAsync();
        return server;
    }

    public async Task ComeBackAsync()
    {
        var program = Scratch.Repository("tests/Millrace.SystemTests/npm/node_modules/s3rver/bin/s3rver.js");

        // It encrypts the tokens of long listings with DES, which OpenSSL keeps with what is of the past.
        _process = Process.Start(new ProcessStartInfo(
            "node", ["--openssl-legacy-provider", program, "--directory", _directory, "--address", "127.0.0.1", "--port", $"{Port}", "--configure-bucket", Bucket, "--silent"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.AsyncTrue(ListensAsync, TimeSpan.FromSeconds(20), () => "s3rver does not start");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Its objects' names.</summary>
    public IReadOnlyList<string> Objects() =>
        [.. Directory.EnumerateFiles(Path.Combine(_directory, Bucket), "*._S3rver_object", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(_directory, Bucket), file).Replace("._S3rver_object", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Scratch.Delete(_directory);
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
