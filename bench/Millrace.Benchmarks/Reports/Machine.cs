using System.Runtime.InteropServices;

namespace Millrace.Benchmarks.Reports;

/// <summary>Where it was measured: absolute figures mean nothing without it.</summary>
internal sealed record Machine(int Processors, string System, string Runtime, string FileSystem, string LoadAverageBefore)
{
    public static Machine Read(string dataDirectory) => new(
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        new DriveInfo(Path.GetFullPath(dataDirectory)).DriveFormat,
        File.ReadAllText("/proc/loadavg").Split(' ')[0]);
}
