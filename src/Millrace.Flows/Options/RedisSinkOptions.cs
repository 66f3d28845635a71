using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>To Redis: latest values, counters, lists, and messages for whoever is subscribed.</summary>
public sealed record RedisSinkOptions : SinkOptions
{
    public const int DefaultPort = 6379;

    private const int MostCommands = 20;
    private const int MostDatabases = 65_535;

    public override string Kind => "redis";

    public override string Target => $"{Address}/{Database}";

    public override string ActionName => "RedisAction";

    /// <summary><c>host</c> or <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>Where it stands: see <see cref="SecretText"/>. Null: the server asks for none.</summary>
    public string? Password { get; init; }

    public int Database { get; init; }

    public bool Tls { get; init; }

    /// <summary>PEM: where the server's certificate must come from; null: the machine's list.</summary>
    public string? CaFile { get; init; }

    /// <summary>In order, for each record.</summary>
    public ValueList<RedisCommandOptions> Commands { get; init; } = [];

    /// <summary>Whether Redis keeps how far the flow is, in one transaction with the commands, so that a crash repeats none of them.</summary>
    public bool Once { get; init; } = true;

    /// <summary>For connecting, and for each answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public override IEnumerable<Problem> Check()
    {
        if (!TrySplit(Address, out _, out _)) yield return new("address", "must be host or host:port, as 127.0.0.1:6379");
        foreach (var problem in SecretText.Check("password", Password)) yield return problem;
        if (User is not null && Password is null) yield return new("password", "is missing, and user is given; " + SecretText.Rule);
        if (Database is < 0 or > MostDatabases) yield return new("db", $"must be from 0 to {MostDatabases}");
        if (CaFile is not null && !Tls) yield return new("caFile", "has no meaning without tls: true");
        if (Commands.Count is 0 or > MostCommands) yield return new("commands", $"must hold 1 to {MostCommands} commands");
        for (var i = 0; i < Commands.Count; i++)
            foreach (var problem in Commands[i].Check()) yield return problem with { Where = $"commands[{i}].{problem.Where}" };
        if (Timeout < TimeSpan.FromMilliseconds(10) || Timeout > TimeSpan.FromMinutes(5)) yield return new("timeout", "must be from 10ms to 5m");
    }

    /// <param name="address">As a person wrote it; an address of IPv6 stands in brackets.</param>
    /// <param name="host">Without brackets.</param>
    /// <param name="port">The usual one where none is given.</param>
    public static bool TrySplit(string address, out string host, out int port)
    {
        (host, port) = ("", 0);
        if (!Uri.TryCreate($"redis://{address}", UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.PathAndQuery is not ("" or "/") || address.Contains('/')) return false;
        (host, port) = (uri.Host.Trim('[', ']'), uri.Port < 0 ? DefaultPort : uri.Port);
        return host.Length > 0 && port > 0;
    }
}
