using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.SystemTests;

/// <summary>Connections to the console's endpoint, as sockets see them.</summary>
public sealed class ConsoleConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private MillraceProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await MillraceProcess.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task More_connections_than_have_threads_are_answered_too()
    {
        var all = new List<Socket>();
        try
        {
            for (var i = 0; i < 150; i++) all.Add(await ConnectAsync());
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < all.Count; i++)
                {
                    await SendAsync(all[i], Request($"SELECT {i} AS a"));
                    Assert.Contains($"\"rows\":[[{i}]]", await ReceiveAsync(all[i], "}"), StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            foreach (var one in all) one.Dispose();
        }
    }

    [Fact]
    public async Task Requests_that_come_at_once_are_answered_in_their_order()
    {
        using var socket = await ConnectAsync();
        await SendAsync(socket, string.Concat(Enumerable.Range(0, 50).Select(static i => Request($"SELECT 'n{i}' AS a"))));
        var answers = await ReceiveAsync(socket, "[[\"n49\"]],\"truncated\":false,\"complete\":true}");
        var at = Enumerable.Range(0, 50).Select(i => answers.IndexOf($"[[\"n{i}\"]]", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, at);
        Assert.Equal(at.Order(), at);
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_answered()
    {
        using var socket = await ConnectAsync();
        foreach (var one in Request("SELECT 7 AS a")) await SendAsync(socket, $"{one}");
        Assert.Contains("[[7]]", await ReceiveAsync(socket, "}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_that_it_closes_gets_its_answer_and_an_end()
    {
        using var socket = await ConnectAsync();
        await SendAsync(socket, Request("SELECT 7 AS a").Replace("Host:", "Connection: close\r\nHost:", StringComparison.Ordinal));
        Assert.Contains("[[7]]", await ReceiveAsync(socket, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_break_off_leave_no_thread_behind()
    {
        for (var i = 0; i < 200; i++)
        {
            using var socket = await ConnectAsync();
            await SendAsync(socket, (i % 4) switch
            {
                0 => "",
                1 => Request("SELECT 1")[..^5],
                2 => "no HTTP\r\n\r\n",
                _ => Request("SELECT x, repeat('y', 1000) AS y FROM range(100000) r(x)"),
            });
            if (i % 3 == 0) socket.LingerState = new LingerOption(true, 0);
        }

        await Eventually.AsyncTrue(() => Task.FromResult(Threads() == 0), Patience, () => $"{Threads()} threads are left");
        using var answer = await _server.Http.GetAsync(new Uri("health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    // Those that wait for connections; ours of this test class has asked for whether it is ready, and may keep its connection.
    private int Threads() => Math.Max(0, Directory.GetDirectories($"/proc/{_server.ProcessId}/task").Count(static task => NameOf(task) == "http") - 1);

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").Trim();
        }
        catch (IOException)
        {
            return ""; // it ended in between
        }
    }

    private static string Request(string sql)
    {
        var body = $$"""{"sql":"{{sql}}"}""";
        return $"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _server.HttpPort);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        if (text.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None);
    }

    /// <param name="socket">That was asked.</param>
    /// <param name="end">Behind which nothing comes; null: all until the other side closes.</param>
    private static async Task<string> ReceiveAsync(Socket socket, string? end)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (text, buffer) = (new StringBuilder(), new byte[1 << 16]);
        while (end is null || !text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
            if (received == 0) return end is null ? text.ToString() : throw new IOException($"closed after {text}");
            text.Append(Encoding.UTF8.GetString(buffer, 0, received));
        }

        return text.ToString();
    }
}
