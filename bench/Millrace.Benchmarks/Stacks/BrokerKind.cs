namespace Millrace.Benchmarks.Stacks;

/// <summary>A way to start a fresh broker.</summary>
/// <param name="Name">Heads its figures in the report.</param>
/// <param name="StartAsync">Ends when it takes connections; over TLS, where there is a certificate.</param>
internal sealed record BrokerKind(string Name, Func<TestCertificate?, CancellationToken, Task<IBroker>> StartAsync);
