using Millrace.Contracts.Tables;

namespace Millrace.Server.Pipeline;

/// <summary>A measure's column and the type it is to have.</summary>
public sealed record MeasureDeclaration(string Name, MeasureType Type);
