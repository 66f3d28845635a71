using Millrace.Contracts;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>The bytes of what a flow with windows knows. See docs/windows.md for the order of its parts.</summary>
internal static class WindowSnapshot
{
    private const byte Format = 1;

    public static MemoryStream Write(WindowSettings settings, WindowContent content)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        writer.Write(settings.Plan.Layout);
        writer.Write(settings.Sql);
        writer.Write((byte)settings.Version);
        writer.Write(settings.Options.Time?.Field ?? "");
        writer.Write7BitEncodedInt64(content.Emitted);
        writer.Write7BitEncodedInt64(content.Late);
        writer.Write7BitEncodedInt64(content.NoRoom);
        content.Watermark.Write(writer);
        writer.Write7BitEncodedInt(content.Places.Length);
        foreach (ref readonly var place in content.Places.AsSpan()) place.Write(writer);
        content.Outbox.Write(writer);
        content.Open.Write(writer);
        return stream;
    }

    /// <summary>Fills new content with what was saved.</summary>
    /// <returns>
    /// The plan of the statement it was saved for and its windows, where that statement had others: they are to be closed. Null, where the windows are in
    /// <paramref name="content"/>.
    /// </returns>
    public static (WindowPlan? Plan, OpenWindows? Windows)? Read(byte[] bytes, WindowSettings settings, WindowContent content)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return Read(reader, settings, content);
        }
        catch (Exception broken) when (broken is EndOfStreamException or InvalidDataException or FormatException or ArgumentException or OverflowException)
        {
            throw new FaultException(
                Fault.Corrupt, $"the snapshot of the windows of flow {settings.Flow} cannot be read ({broken.Message}): restore it, or remove the flow and add it anew", broken);
        }
    }

    private static (WindowPlan? Plan, OpenWindows? Windows)? Read(BinaryReader reader, WindowSettings settings, WindowContent content)
    {
        if (reader.ReadByte() != Format) throw new InvalidDataException("it was written by another version");
        var layout = reader.ReadString();
        var sql = reader.ReadString();
        var version = (SqlVersion)reader.ReadByte();
        var time = reader.ReadString();
        content.Emitted = reader.Read7BitEncodedInt64();
        content.Late = reader.Read7BitEncodedInt64();
        content.NoRoom = reader.Read7BitEncodedInt64();
        content.Watermark.Read(reader);
        var places = reader.Read7BitEncodedInt();
        if (places != content.Places.Length) throw new InvalidDataException($"it is of {places} partitions, and the source has {content.Places.Length}");
        foreach (ref var place in content.Places.AsSpan()) place.Read(reader);
        content.Outbox.Read(reader);
        if (layout == settings.Plan.Layout)
        {
            content.Open.Read(reader);
            return null;
        }

        if (settings.Recompile(sql, version, time.Length == 0 ? null : time) is not { } plan || plan.Layout != layout) return (null, null);
        var windows = OpenWindows.Of(plan);
        windows.Read(reader);
        return (plan, windows);
    }
}
