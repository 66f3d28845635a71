namespace Millrace.Server.Pipeline;

/// <summary>A pipeline with the text it was read from, which is kept in the data directory.</summary>
public sealed record PipelineSource(PipelineFile File, byte[] Text);
