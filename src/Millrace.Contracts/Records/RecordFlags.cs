namespace Millrace.Contracts.Records;

/// <summary>What the publisher asked for, kept with the record. One byte on disk.</summary>
[Flags]
public enum RecordFlags : byte
{
    None = 0,

    /// <summary>Published with QoS 1. Neither bit: QoS 0.</summary>
    Qos1 = 1,

    /// <summary>Published with QoS 2.</summary>
    Qos2 = 2,

    /// <summary>The RETAIN bit of the PUBLISH.</summary>
    Retain = 4,

    /// <summary>Behind the MQTT properties stands who published it and from where: <see cref="MessageProperty.Principal"/> and <see cref="MessageProperty.SourceAddress"/>.</summary>
    Publisher = 8,
}
