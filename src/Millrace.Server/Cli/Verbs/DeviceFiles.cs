using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>The three files that a device needs.</summary>
internal sealed record DeviceFiles(string Certificate, string Key, string Authority)
{
    public static DeviceFiles At(string directory, string thing)
    {
        if (thing.Length == 0 || !thing.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-'))
            throw new CliException(Exit.Invalid, "--thing must have letters, digits, '-', '_' and ':' only");
        return new DeviceFiles(Path.Combine(directory, thing + ".pem"), Path.Combine(directory, thing + ".key"), Path.Combine(directory, "ca.pem"));
    }

    /// <summary>Before anything is made: a key that is there may be the only copy of one in use.</summary>
    public void CheckFree(CliContext context)
    {
        if (new[] { Key, Certificate }.FirstOrDefault(context.FileExists) is { } taken)
            throw new CliException(Exit.Invalid, $"{taken} is there already; move it away, or name another directory with --out");
    }

    /// <param name="context">What is outside.</param>
    /// <param name="made">The server's answer.</param>
    public void Write(CliContext context, JsonElement made)
    {
        try
        {
            context.WriteFile(Key, made.Text("privateKeyPem"), true);
            context.WriteFile(Certificate, made.Member("certificate").Text("pem"), false);
            context.WriteFile(Authority, made.Text("authorityPem"), false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            var id = made.Member("certificate").Text("id");
            throw new CliException(
                Exit.Failure, $"{failed.Message} The certificate is made, and its key is lost: millrace certs revoke {id}, and then make another.", failed);
        }
    }
}
