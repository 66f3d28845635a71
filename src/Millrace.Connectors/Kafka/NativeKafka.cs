using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Millrace.Contracts;

namespace Millrace.Connectors.Kafka;

/// <summary>Finds librdkafka, the native library beneath the client, when Kafka is used for the first time.</summary>
public static class NativeKafka
{
    /// <summary>As the client names it, whatever the machine does.</summary>
    private const string Name = "librdkafka";

    private static readonly string[] Files =
        OperatingSystem.IsMacOS() ? ["librdkafka.1.dylib", "librdkafka.dylib"] : OperatingSystem.IsWindows() ? ["librdkafka.dll"] : ["librdkafka.so.1"];

    private static readonly Lazy<string?> Missing = new(Load);

    /// <exception cref="FaultException">Refused: the library is not on this machine; the message names the package that has it.</exception>
    public static void Need()
    {
        if (Missing.Value is { } problem) throw new FaultException(Fault.Refused, problem);
    }

    private static string? Load()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Find);
            Library.Load();
            return null;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException or FileNotFoundException)
        {
            return $"kafka needs {Files[0]}, which is not on this machine: install librdkafka (Debian: apt-get install librdkafka1; Alpine: apk add librdkafka; macOS: brew install librdkafka) and start again ({missing.Message})";
        }
    }

    private static IntPtr Find(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!name.Contains(Name, StringComparison.Ordinal)) return IntPtr.Zero;
        foreach (var file in Files)
            if (NativeLibrary.TryLoad(file, out var library)) return library;
        return IntPtr.Zero;
    }
}
