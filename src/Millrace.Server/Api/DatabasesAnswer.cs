using Millrace.Server.Tables;

namespace Millrace.Server.Api;

/// <summary>All databases, ordered by name.</summary>
public sealed record DatabasesAnswer(IReadOnlyList<DatabaseView> Databases);
