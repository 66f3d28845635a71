using System.Buffers.Binary;
using Millrace.Contracts;
using Millrace.Flows.Windows;
using Millrace.Storage.Files;

namespace Millrace.Server.Pipeline;

/// <summary>Snapshots of windows as files: <c>windows/{flow}</c>, a CRC-32C of four bytes and the snapshot.</summary>
internal sealed class WindowFiles(IDisk disk, ILogger logger) : IWindowStore
{
    private const string Directory = "windows";

    public byte[]? Load(string flow)
    {
        if (AtomicFile.Read(disk, PathOf(flow)) is not { } bytes) return null;
        if (bytes.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes.AsSpan(sizeof(uint))))
            throw new FaultException(Fault.Corrupt, $"{PathOf(flow)}: the checksum does not fit: restore the file, or remove the flow and add it anew");
        return bytes[sizeof(uint)..];
    }

    public void Save(string flow, ReadOnlySpan<byte> state)
    {
        var bytes = new byte[sizeof(uint) + state.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(state));
        state.CopyTo(bytes.AsSpan(sizeof(uint)));
        try
        {
            AtomicFile.Write(disk, PathOf(flow), bytes);
        }
        catch (IOException away)
        {
            throw new FaultException(Fault.Unavailable, $"the windows of flow {flow} cannot be saved: {away.Message}", away);
        }
    }

    public void Remove(string flow)
    {
        if (!disk.Exists(PathOf(flow))) return;
        disk.Delete(PathOf(flow));
        disk.SyncDirectory(Directory);
        logger.LogWarning("Flow {Flow} has no windows any more: what was in those that had not ended is dropped", flow);
    }

    private static string PathOf(string flow) => $"{Directory}/{flow}";
}
