using Millrace.Contracts.Flows;
using Millrace.Flows.Options;

namespace Millrace.Flows.Sinks;

/// <summary>Makes a sink whose files are all in one place, but for the time.</summary>
/// <param name="options">Checked; no template is left in them.</param>
/// <param name="flow">Its name.</param>
/// <param name="partition">Of the flow's source.</param>
/// <param name="partitionValues">Of each of the prefix's keys.</param>
public delegate ISink LakeFactory(LakeSinkOptions options, string flow, int partition, IReadOnlyDictionary<string, string> partitionValues);
