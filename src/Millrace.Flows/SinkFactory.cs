using Millrace.Contracts.Flows;
using Millrace.Flows.Options;

namespace Millrace.Flows;

/// <summary>Makes a sink of one kind, for one partition of a flow. Called anew after each failure.</summary>
/// <param name="options">Of the type that the factory is registered for, checked.</param>
/// <param name="place">Where in the pipeline the sink will stand.</param>
public delegate ISink SinkFactory(SinkOptions options, SinkPlace place);
