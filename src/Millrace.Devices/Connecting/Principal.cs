using Millrace.Devices.Credentials;
using Millrace.Devices.Policies;

namespace Millrace.Devices.Connecting;

/// <summary>A credential that has been shown at least once since the start: what its connections share.</summary>
internal sealed class Principal
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly CancellationTokenSource _revoked = new();
    private ITimer? _expiry;

    /// <param name="name">As <see cref="Contracts.Devices.IAccess.Principal"/> has it.</param>
    /// <param name="attachments">At this moment.</param>
    public Principal(string name, Attachments attachments)
    {
        (Name, Attachments) = (name, attachments);
        Revoked = _revoked.Token;
    }

    public string Name { get; }

    /// <summary>Changes under the registry's lock; read by any thread.</summary>
    public Attachments Attachments
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Cancelled when it is revoked, removed or has expired. Another principal takes its place then, if any.</summary>
    public CancellationToken Revoked { get; }

    /// <summary>Null where it may not be used.</summary>
    public string? Unusable { get; init; }

    /// <summary>Of a certificate.</summary>
    public CertificateNames? Certificate { get; init; }

    /// <summary>Of a user.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>A quick hash of the password that was right last time.</summary>
    public byte[]? KnownPassword
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Ends it at a time.</summary>
    public void ExpireAt(DateTimeOffset when, TimeProvider clock)
    {
        TimeSpan Rest() => when - clock.GetUtcNow() is var rest && rest < LongestTimer ? rest : LongestTimer;
        _expiry = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _expiry.Change(Rest(), Timeout.InfiniteTimeSpan);

        void OnTimer()
        {
            if (Rest() is var rest && rest > TimeSpan.Zero) _expiry?.Change(rest, Timeout.InfiniteTimeSpan);
            else _revoked.Cancel();
        }
    }

    /// <summary>Ends all that hold it.</summary>
    public Task RevokeAsync()
    {
        _expiry?.Dispose();
        return _revoked.CancelAsync();
    }
}
