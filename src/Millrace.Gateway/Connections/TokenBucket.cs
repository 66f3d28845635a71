namespace Millrace.Gateway.Connections;

/// <summary>So much a second on average, and never more at once than a second brings.</summary>
/// <param name="perSecond">Also what it holds when it is full, as it is at first.</param>
internal sealed class TokenBucket(double perSecond)
{
    private readonly double _perSecond = perSecond;
    private double _tokens = perSecond;

    /// <summary>Whether nothing may be taken now.</summary>
    public bool IsEmpty => _tokens < 1;

    /// <summary>The time until it is not empty.</summary>
    public TimeSpan Wait => IsEmpty ? TimeSpan.FromSeconds((1 - _tokens) / _perSecond) : TimeSpan.Zero;

    public void Fill(TimeSpan since) => _tokens = Math.Min(_perSecond, _tokens + (since.TotalSeconds * _perSecond));

    /// <summary>Takes also more than there is: what is owed then is waited for.</summary>
    public void Take(int amount) => _tokens -= amount;
}
