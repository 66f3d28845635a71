namespace Millrace.Devices.Credentials;

/// <summary>A token made just now.</summary>
/// <param name="Token">As it is kept.</param>
/// <param name="Secret">What its holder shows. It is not kept: this is the only time it can be had.</param>
public sealed record NewToken(ApiToken Token, string Secret);
