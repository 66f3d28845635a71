using Millrace.Server.Pipeline;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>A stream that is open.</summary>
/// <param name="Options">As it was declared, or put last.</param>
/// <param name="IsOfPipeline">Whether the pipeline file says how it is.</param>
/// <param name="Log">Its records.</param>
internal sealed record StreamView(StreamOptions Options, bool IsOfPipeline, RecordLog Log);
