using Millrace.Flows.Windows;

namespace Millrace.Server.Api;

/// <summary>The windows of all flows whose statement has GROUP BY.</summary>
public sealed record WindowsAnswer(IReadOnlyList<WindowStatus> Windows);
