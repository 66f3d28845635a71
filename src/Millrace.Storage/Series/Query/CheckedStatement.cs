using System.Text.Json;

namespace Millrace.Storage.Series.Query;

/// <summary>A statement that the guard let pass.</summary>
/// <param name="Tree">What json_serialize_sql made of it.</param>
/// <param name="Named">The tables that it names, by database and table.</param>
internal sealed record CheckedStatement(JsonElement Tree, IReadOnlyCollection<string> Named);
