using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>redis:</c> of a flow's destinations.</summary>
internal static class RedisSinkReader
{
    public static RedisSinkOptions Read(Section section)
    {
        var redis = new RedisSinkOptions
        {
            Address = section.Needed("address", "127.0.0.1:6379"),
            User = section.Text("user"),
            Password = section.Text("password"),
            Database = section.Whole("db") ?? 0,
            Tls = section.Flag("tls") ?? false,
            CaFile = section.Text("caFile"),
            Commands = ReadCommands(section),
            Once = section.Flag("once") ?? true,
        };
        return section.Duration("timeout") is { } timeout ? redis with { Timeout = timeout } : redis;
    }

    private static ValueList<RedisCommandOptions> ReadCommands(Section section)
    {
        if (!section.Has("commands"))
            section.Problems.Add($"{section.Where}.commands", "is missing; for example commands: [{ set: { key: 'car:${vin}' } }]", section.Node);
        if (section.Items("commands") is not { } items) return [];
        var commands = new List<RedisCommandOptions>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Section.Open($"{section.Where}.commands[{i}]", items[i], section.Problems)?.Only(RedisCommandOptions.Verbs) is not var (verb, command)) continue;
            commands.Add(ReadCommand(verb.Text, command));
            command.End();
        }

        return [.. commands];
    }

    private static RedisCommandOptions ReadCommand(string verb, Section command) => new()
    {
        Verb = verb,
        Key = verb == "publish" ? command.Needed("channel", "'cars'") : command.Needed("key", "'car:${vin}'"),
        Detail = verb switch
        {
            "hset" => command.Needed("field", "'${name}'"),
            "zadd" => command.Needed("score", "'${speed}'"),
            "incr" => command.Text("by"),
            _ => null,
        },
        Value = verb switch { "incr" => null, "publish" => command.Text("message"), _ => command.Text("value") },
        Expire = verb == "publish" ? null : command.Duration("expire"),
        Keep = verb is "lpush" or "zadd" or "xadd" ? command.Whole("keep") : null,
    };
}
