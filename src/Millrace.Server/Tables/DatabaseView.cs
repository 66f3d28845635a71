namespace Millrace.Server.Tables;

/// <summary>A database.</summary>
/// <param name="Name">Before the dot of its tables' names.</param>
/// <param name="Tables">How many it has.</param>
public sealed record DatabaseView(string Name, int Tables);
