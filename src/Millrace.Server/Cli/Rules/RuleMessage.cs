using Millrace.Sql.Rules;

namespace Millrace.Server.Cli.Rules;

/// <summary>A statement and the message to try it on.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Version">The language that it is written in.</param>
/// <param name="Topic">Null: one that the statement's FROM matches.</param>
/// <param name="ClientId">Who published it; empty: nobody over MQTT.</param>
/// <param name="Payload">Any bytes.</param>
internal readonly record struct RuleMessage(string Sql, SqlVersion Version, string? Topic, string ClientId, ReadOnlyMemory<byte> Payload);
