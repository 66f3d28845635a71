using System.Text.RegularExpressions;
using Millrace.Contracts;

namespace Millrace.Devices;

/// <summary>What things, users, tokens and policies may be called.</summary>
internal static partial class Names
{
    /// <exception cref="FaultException">Refused: the name is not right.</exception>
    public static string CheckThing(string? name) => name is not null && Thing().IsMatch(name)
        ? name
        : throw new FaultException(Fault.Refused, $"'{Short(name)}' is no name of a thing: 1 to 128 letters, digits, '-', '_' and ':'");

    /// <param name="what">As <c>policy</c>.</param>
    /// <param name="name">What is asked for.</param>
    /// <exception cref="FaultException">Refused: the name is not right.</exception>
    public static string Check(string what, string? name) => name is not null && Plain().IsMatch(name)
        ? name
        : throw new FaultException(Fault.Refused, $"'{Short(name)}' is no name of a {what}: 1 to 128 letters, digits and any of . _ - + = , @");

    private static string Short(string? name) => name is not { Length: > 130 } ? name ?? "" : name[..130] + "…";

    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,128}\z")]
    private static partial Regex Thing();

    /// <summary>What AWS takes for policies: safe in a path, in a shell and in a log.</summary>
    [GeneratedRegex(@"^[\w.+=,@-]{1,128}\z", RegexOptions.ECMAScript)]
    private static partial Regex Plain();
}
