using Millrace.Contracts.Flows;
using Millrace.Flows.Options;

namespace Millrace.Flows.Sinks;

/// <summary>Makes a sink whose files are all in one place, but for the time.</summary>
/// <param name="options">Checked; no template is left in them.</param>
/// <param name="place">Where in the pipeline it will stand.</param>
/// <param name="partitionValues">Of each of the prefix's keys.</param>
public delegate ISink LakeFactory(LakeSinkOptions options, SinkPlace place, IReadOnlyDictionary<string, string> partitionValues);
