using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline;

/// <summary>A destination that was read, and where it stands in its file: <c>rules.alarm.actions[0].kinesis</c>.</summary>
internal sealed record SinkPart(SinkOptions Sink, string Where, SinkForm Form)
{
    /// <summary>Where an option of it stands.</summary>
    public string PlaceOf(string option) => $"{Where}.{Form.Written(option)}";
}
