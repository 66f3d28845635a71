using Millrace.Contracts;

namespace Millrace.Server.Api;

/// <summary>Every mistake of a pipeline file.</summary>
public sealed record ProblemsAnswer(IReadOnlyList<Problem> Problems);
