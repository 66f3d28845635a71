namespace Millrace.Server.Cli.Rules;

/// <summary>Lines out of a stream, one after another, none longer than the limit.</summary>
/// <param name="input">Read as it comes; not closed.</param>
/// <param name="limit">Bytes of a line. Of a longer one nothing is kept.</param>
/// <param name="beforeWaiting">Called before each read from the stream, which may wait for whoever writes.</param>
internal sealed class LineReader(Stream input, int limit, Action beforeWaiting)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The line at hand, without its end; good until the next. Empty where it was too long.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the line at hand was longer than the limit.</summary>
    public bool WasTooLong { get; private set; }

    /// <returns>False at the end.</returns>
    public bool Next()
    {
        WasTooLong = false;
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked.._end).IndexOf((byte)'\n');
            if (at >= 0) return Take(looked + at, looked + at + 1);
            if (_ended) return _end > _start ? Take(_end, _end) : WasTooLong;
            if (_end - _start > limit)
            {
                (WasTooLong, Line) = (true, default);
                _start = _end;
            }

            looked = _end - _start;
            MakeRoom();
            beforeWaiting();
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            _ended = read == 0;
            _end += read;
        }
    }

    private bool Take(int end, int next)
    {
        Line = WasTooLong ? default : _buffer.AsMemory(_start..end);
        _start = next;
        if (Line.Length <= limit) return true;
        (WasTooLong, Line) = (true, default);
        return true;
    }

    /// <summary>Moves what is kept to the front, and makes the buffer larger where that was not enough.</summary>
    private void MakeRoom()
    {
        var kept = _buffer.AsSpan(_start.._end);
        if (kept.Length == _buffer.Length)
        {
            var larger = new byte[_buffer.Length * 2];
            kept.CopyTo(larger);
            _buffer = larger;
        }
        else
            kept.CopyTo(_buffer);

        (_start, _end) = (0, kept.Length);
    }
}
