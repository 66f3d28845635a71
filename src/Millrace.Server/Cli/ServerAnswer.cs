using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli;

/// <summary>A server's answer: its status, and its JSON where it sent some.</summary>
internal sealed record ServerAnswer(int Status, JsonElement Body)
{
    public bool IsOk => Status is >= 200 and < 300;

    public int ExitCode => IsOk ? Exit.Ok : Status is >= 400 and < 500 ? Exit.Invalid : Exit.Failure;

    /// <summary>The reason in the server's words.</summary>
    public string Reason => Error.Text("message") is { Length: > 0 } message ? message : $"the server answered {Status} and no reason";

    /// <summary>The object that tells what is wrong and where.</summary>
    public JsonElement Error => Body.Member("error");

    /// <exception cref="CliException">The answer is a refusal.</exception>
    public JsonElement Expect() => IsOk ? Body : throw new CliException(ExitCode, Reason);
}
