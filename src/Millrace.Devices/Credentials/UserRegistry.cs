using System.Text;
using Millrace.Contracts;
using Millrace.Devices.Connecting;
using Millrace.Devices.Documents;

namespace Millrace.Devices.Credentials;

/// <summary>The users there are. Any thread may call; a change ends when it is safe on disk.</summary>
public sealed class UserRegistry
{
    /// <summary>The longest an MQTT packet could carry is of no use to anybody.</summary>
    private const int LongestPassword = 1024;

    private const int ShortestPassword = 8;

    private readonly CredentialCollection<UserDocument> _users;
    private readonly TimeProvider _clock;
    private readonly int _iterations;

    internal UserRegistry(CredentialCollection<UserDocument> users, TimeProvider clock, int iterations) =>
        (_users, _clock, _iterations) = (users, clock, iterations);

    public User? Find(string name) => _users.Find(name) is { } user ? ViewOf(name, user) : null;

    /// <summary>By name.</summary>
    public IReadOnlyList<User> List() => [.. _users.List().Select(static found => ViewOf(found.Key, found.Document))];

    /// <exception cref="FaultException">Refused: the name, the password or a policy is not right, or there is such a user.</exception>
    public async Task<User> AddAsync(string name, string password, IReadOnlyList<string> policies)
    {
        Names.Check("user", name);
        var hash = await HashAsync(password).ConfigureAwait(false);
        var user = new UserDocument { Created = _clock.GetUtcNow(), Policies = policies, Salt = hash.Salt, Hash = hash.Hash, Iterations = hash.Iterations };
        return await _users.AddAsync(name, user).ConfigureAwait(false)
            ? ViewOf(name, user)
            : throw new FaultException(Fault.Refused, $"there is a user {name} already");
    }

    /// <summary>Connections made with the old one end.</summary>
    /// <returns>Null where there is no such user.</returns>
    /// <exception cref="FaultException">Refused: the password is not right.</exception>
    public async Task<User?> ChangePasswordAsync(string name, string password)
    {
        var hash = await HashAsync(password).ConfigureAwait(false);
        var user = await _users.ChangeAsync(
            name, user => user with { Salt = hash.Salt, Hash = hash.Hash, Iterations = hash.Iterations }, ends: true).ConfigureAwait(false);
        return ViewOf(name, user);
    }

    /// <returns>False where there is no such user.</returns>
    public Task<bool> RemoveAsync(string name) => _users.RemoveAsync(name);

    /// <returns>Null where there is no such user.</returns>
    /// <exception cref="FaultException">Refused: there is no such policy.</exception>
    public async Task<User?> AttachAsync(string name, string policy) => ViewOf(name, await _users.AttachAsync(name, policy).ConfigureAwait(false));

    /// <returns>Null where there is no such user.</returns>
    /// <exception cref="FaultException">Refused: it is not attached.</exception>
    public async Task<User?> DetachAsync(string name, string policy) => ViewOf(name, await _users.DetachAsync(name, policy).ConfigureAwait(false));

    internal Principal? Principal(string name) => _users.Principal(name, static (name, user) =>
        new Principal(name, CredentialCollection<UserDocument>.AttachmentsOf(user)) { Password = new PasswordHash(user.Salt, user.Hash, user.Iterations) });

    private async Task<PasswordHash> HashAsync(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (bytes.Length < ShortestPassword) throw new FaultException(Fault.Refused, $"a password has at least {ShortestPassword} characters");
        if (bytes.Length > LongestPassword) throw new FaultException(Fault.Refused, $"a password has at most {LongestPassword} bytes");
        if (password.StartsWith(TokenRegistry.Prefix, StringComparison.Ordinal))
            throw new FaultException(Fault.Refused, $"a password cannot begin with {TokenRegistry.Prefix}: tokens do");
        return await Task.Run(() => PasswordHash.Of(bytes, _iterations)).ConfigureAwait(false);
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(user))]
    private static User? ViewOf(string name, UserDocument? user) => user is null ? null : new User(name, user.Policies, user.Created);
}
