using System.Globalization;
using System.Text;
using Millrace.Connectors.Redis;

namespace Millrace.Tests.Connectors;

/// <summary>A Redis of a few commands in memory, and a line to it that breaks when a test says so.</summary>
internal sealed class MemoryRedis
{
    private static readonly RedisAddress Address = new("memory", 1);

    /// <summary>Strings and lists.</summary>
    public Dictionary<string, object> Keys { get; } = [];

    public List<string> Published { get; } = [];

    /// <summary>So many sends from now on are lost: 0 the next. Null: none.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Whether the commands that broke the line were carried out all the same.</summary>
    public bool BreaksLate { get; set; }

    public ValueTask<RedisConnection> ConnectAsync(CancellationToken stop) => new(new RedisConnection(new Line(this), Address, TimeProvider.System));

    private string Run(string[] command)
    {
        switch (command)
        {
            case ["GET", var key]: return Keys.TryGetValue(key, out var held) ? held is string text ? Bulk(text) : WrongType : "$-1\r\n";
            case ["GETRANGE", var key, ..]: return Keys.TryGetValue(key, out var at) ? at is string part ? Bulk(part) : WrongType : Bulk("");
            case ["SET", var key, var value, ..]:
                Keys[key] = value;
                return "+OK\r\n";
            case ["INCRBY", var key, var by]:
                if (!Keys.TryGetValue(key, out var now)) now = "0";
                if (now is not string counter) return WrongType;
                if (!long.TryParse(counter, CultureInfo.InvariantCulture, out var count)) return "-ERR value is not an integer or out of range\r\n";
                Keys[key] = (count + long.Parse(by, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
                return $":{Keys[key]}\r\n";
            case ["LPUSH", var key, var value]:
                if (!Keys.TryGetValue(key, out var found)) Keys[key] = found = new List<string>();
                if (found is not List<string> list) return WrongType;
                list.Insert(0, value);
                return $":{list.Count}\r\n";
            case ["LLEN", var key]: return !Keys.TryGetValue(key, out var length) ? ":0\r\n" : length is List<string> all ? $":{all.Count}\r\n" : WrongType;
            case ["PUBLISH", _, var message]:
                Published.Add(message);
                return ":0\r\n";
            default: return $"-ERR unknown command '{command[0]}'\r\n";
        }
    }

    private const string WrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private static string Bulk(string text) => $"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n";

    /// <summary>Carries out what is written and has the answers to be read; broken, it has none.</summary>
    private sealed class Line(MemoryRedis redis) : Stream
    {
        private readonly Queue<byte> _answers = new();
        private List<string[]>? _queued;
        private bool _broken;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.ToArray(), 0, buffer.Length);
            return default;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_broken ? 0 : Take(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            var breaks = redis.BreaksAfter == 0;
            if (redis.BreaksAfter is { } left) redis.BreaksAfter = breaks ? null : left - 1;
            if (!breaks || redis.BreaksLate)
                foreach (var command in Commands(buffer.AsSpan(offset, count))) Answer(command);
            if (breaks) _broken = true;
        }

        private int Take(Span<byte> into)
        {
            var taken = 0;
            while (taken < into.Length && _answers.TryDequeue(out var next)) into[taken++] = next;
            return taken;
        }

        private void Answer(string[] command)
        {
            if (command is ["MULTI"]) _queued = [];
            var answer = command is ["MULTI"] ? "+OK\r\n" : command is ["EXEC"] ? Execute() : _queued is null ? redis.Run(command) : "+QUEUED\r\n";
            if (command is not (["MULTI"] or ["EXEC"])) _queued?.Add(command);
            foreach (var one in Encoding.UTF8.GetBytes(answer)) _answers.Enqueue(one);
        }

        private string Execute()
        {
            var commands = _queued!;
            _queued = null;
            return $"*{commands.Count}\r\n" + string.Concat(commands.Select(redis.Run));
        }

        private static List<string[]> Commands(ReadOnlySpan<byte> bytes)
        {
            var commands = new List<string[]>();
            while (RespReader.TryRead(bytes, out var head, out var used) == RespRead.Done)
            {
                bytes = bytes[used..];
                var command = new string[head.Number];
                for (var i = 0; i < command.Length; i++)
                {
                    RespReader.TryRead(bytes, out var argument, out used);
                    command[i] = Encoding.UTF8.GetString(argument.Text);
                    bytes = bytes[used..];
                }

                commands.Add(command);
            }

            return commands;
        }
    }
}
