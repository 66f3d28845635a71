using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>A window of a group that ended.</summary>
/// <param name="Key">Of the group.</param>
/// <param name="Values">All that was in it.</param>
/// <param name="StartNs">Where it begins; of a session, its first row.</param>
/// <param name="EndNs">Where it ends; of a session, its last row.</param>
internal readonly record struct ClosedWindow(byte[] Key, GroupValues Values, long StartNs, long EndNs);
