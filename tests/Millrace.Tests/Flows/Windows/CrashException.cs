namespace Millrace.Tests.Flows.Windows;

/// <summary>The process ends here.</summary>
internal sealed class CrashException : Exception
{
}
