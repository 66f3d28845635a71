using Millrace.Connectors.Redis;
using Millrace.Contracts.Flows;
using Millrace.Flows;
using Millrace.Flows.Options;

namespace Millrace.Server.Connections;

/// <summary>Makes Redis sinks of options.</summary>
internal static class RedisSinks
{
    public static ISink Create(RedisSinkOptions options, SinkPlace place, RedisPositions positions)
    {
        RedisSinkOptions.TrySplit(options.Address, out var host, out var port);
        var address = new RedisAddress(host, port)
        {
            User = options.User,
            Password = Secrets.Find(options.Password, place),
            Database = options.Database,
            Tls = options.Tls,
            CaFile = options.CaFile,
            Timeout = options.Timeout,
        };
        var target = new RedisTarget(address, [.. options.Commands.Select(command => ActionOf(command, place))]);
        return new RedisSink(target, options.Once ? positions : null, place.Key, place.Clock);
    }

    private static RedisAction ActionOf(RedisCommandOptions command, SinkPlace place) =>
        new(Enum.Parse<RedisVerb>(command.Verb, ignoreCase: true), place.Text(command.Key))
        {
            Detail = command.Detail is { } detail ? place.Text(detail) : null,
            Value = command.Value is { } value ? place.Text(value) : null,
            Expire = command.Expire,
            Keep = command.Keep,
        };
}
