namespace Millrace.Tests.Gateway.Model;

/// <summary>One thing that happens.</summary>
/// <param name="Kind">What.</param>
/// <param name="Client">To whom, where it matters.</param>
/// <param name="Seed">Of the rest.</param>
internal readonly record struct ModelAction(ModelActionKind Kind, int Client, int Seed);
