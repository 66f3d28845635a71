namespace Millrace.Flows.Running;

/// <summary>Counts the tries of a lane, and says when it is enough.</summary>
/// <param name="attempts">Tries in a row after which a batch is given up; null: never.</param>
internal sealed class Patience(int? attempts)
{
    private (long Frame, int Messages)? _carrying;
    private Sieve? _sieve;
    private long _failing = -1;
    private int _tries;
    private bool _isCareful;

    /// <summary>The destination could not even be opened so often: what would come next is given up.</summary>
    public bool IsSpentUnopened { get; private set; }

    public int Tries => _tries;

    /// <summary>A frame is about to be written.</summary>
    /// <returns>Where its messages are to be tried range by range.</returns>
    public Sieve? Begin(long frame, int messages)
    {
        _carrying = (frame, messages);
        if (_isCareful) _sieve = new Sieve(frame, messages);
        _isCareful = false;
        if (_sieve?.Frame != frame || _sieve.Messages != messages) return null;
        _sieve.Restart();
        return _sieve;
    }

    /// <summary>The frame was written, or given up.</summary>
    public void Carried()
    {
        if (_carrying?.Frame == _failing) Succeeded();
        if (_carrying?.Frame >= _sieve?.Frame) _sieve = null;
        _carrying = null;
    }

    /// <summary>All that was carried is where it belongs.</summary>
    public void Succeeded()
    {
        _tries = 0;
        _failing = -1;
        _isCareful = IsSpentUnopened = false;
    }

    /// <summary>The destination is away.</summary>
    public void Failed(string reason, bool wasOpen)
    {
        if (attempts is not { } most) return;
        _tries++;
        if (_sieve is { IsTrying: true })
        {
            _sieve.Failed(Reason(most, reason));
        }
        else if (!wasOpen)
        {
            IsSpentUnopened = _tries >= most;
        }
        else if (_carrying is { } carrying)
        {
            _failing = carrying.Frame;
            if (_tries >= most)
            {
                _sieve = new Sieve(carrying.Frame, carrying.Messages);
                _sieve.TryNext(out _, out _);
                _sieve.Failed(Reason(most, reason));
            }
        }
        else
        {
            _isCareful = _tries >= most;
        }

        _carrying = null;
    }

    public static string Reason(int tries, string reason) => $"given up after {tries} {(tries == 1 ? "try" : "tries")}: {reason}";
}
