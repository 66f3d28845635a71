using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Http;

/// <summary>A header of a request, made for each record.</summary>
/// <param name="Name">Checked: a token, and none of those that belong to the connection.</param>
/// <param name="Value">What comes of it is checked for each record: visible ASCII.</param>
public readonly record struct HttpHeaderText(string Name, IRecordText Value);
