using System.Buffers.Text;
using System.Security.Cryptography;
using Millrace.Contracts;
using Millrace.Devices.Connecting;
using Millrace.Devices.Documents;

namespace Millrace.Devices.Credentials;

/// <summary>The API tokens there are. Any thread may call; a change ends when it is safe on disk.</summary>
public sealed class TokenRegistry
{
    /// <summary>How every token begins, so that people and secret scanners know one when they see it.</summary>
    public const string Prefix = "mlr_";

    private readonly CredentialCollection<TokenDocument> _tokens;
    private readonly TimeProvider _clock;

    internal TokenRegistry(CredentialCollection<TokenDocument> tokens, TimeProvider clock) => (_tokens, _clock) = (tokens, clock);

    public ApiToken? Find(string name) => KeyOf(name) is { } key && _tokens.Find(key) is { } token ? ViewOf(token) : null;

    /// <summary>By name.</summary>
    public IReadOnlyList<ApiToken> List() =>
        [.. _tokens.List().Select(static found => ViewOf(found.Document)).OrderBy(static token => token.Name, StringComparer.Ordinal)];

    /// <param name="name">For people.</param>
    /// <param name="lifetime">Null: for ever.</param>
    /// <param name="policies">What its holder may do.</param>
    /// <exception cref="FaultException">Refused: the name, the lifetime or a policy is not right, or there is such a token.</exception>
    public async Task<NewToken> CreateAsync(string name, TimeSpan? lifetime, IReadOnlyList<string> policies)
    {
        Names.Check("token", name);
        if (lifetime <= TimeSpan.Zero || lifetime > TimeSpan.FromDays(36_500))
            throw new FaultException(Fault.Refused, "a token lasts from a moment to 100 years");
        var now = _clock.GetUtcNow();
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var token = new TokenDocument { Name = name, Created = now, Expires = now + lifetime, Policies = policies };
        return await _tokens.AddAsync(HashOf(secret), token, other => other.Name == name).ConfigureAwait(false)
            ? new NewToken(ViewOf(token), secret)
            : throw new FaultException(Fault.Refused, $"there is a token {name} already");
    }

    /// <returns>False where there is no such token.</returns>
    public async Task<bool> RemoveAsync(string name) => KeyOf(name) is { } key && await _tokens.RemoveAsync(key).ConfigureAwait(false);

    /// <returns>Null where there is no such token.</returns>
    /// <exception cref="FaultException">Refused: there is no such policy.</exception>
    public async Task<ApiToken?> AttachAsync(string name, string policy) =>
        KeyOf(name) is { } key && await _tokens.AttachAsync(key, policy).ConfigureAwait(false) is { } token ? ViewOf(token) : null;

    /// <returns>Null where there is no such token.</returns>
    /// <exception cref="FaultException">Refused: it is not attached.</exception>
    public async Task<ApiToken?> DetachAsync(string name, string policy) =>
        KeyOf(name) is { } key && await _tokens.DetachAsync(key, policy).ConfigureAwait(false) is { } token ? ViewOf(token) : null;

    internal static bool IsToken(ReadOnlySpan<byte> password) => password.StartsWith("mlr_"u8);

    /// <param name="secret">As a client shows it.</param>
    internal Principal? Principal(ReadOnlySpan<byte> secret) => _tokens.Principal(HashOf(secret), (_, token) =>
    {
        var expired = token.Expires <= _clock.GetUtcNow();
        var attachments = CredentialCollection<TokenDocument>.AttachmentsOf(token);
        var principal = new Principal(token.Name, attachments) { Unusable = expired ? "the token has expired" : null };
        if (token.Expires is { } expires && !expired) principal.ExpireAt(expires, _clock);
        return principal;
    });

    private static string HashOf(string secret) => HashOf(System.Text.Encoding.UTF8.GetBytes(secret));

    private static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToHexStringLower(SHA256.HashData(secret));

    private static ApiToken ViewOf(TokenDocument token) => new(token.Name, token.Policies, token.Created, token.Expires);

    private string? KeyOf(string name) => _tokens.List().FirstOrDefault(found => found.Document.Name == name).Key;
}
