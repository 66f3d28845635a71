namespace Millrace.Contracts.Devices;

/// <summary>Tells who a client is.</summary>
public interface IAuthenticator
{
    /// <summary>Any number of calls at once. May take its time: passwords are slow to check on purpose, and failures are answered late.</summary>
    ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop);
}
