namespace Millrace.Contracts;

/// <summary>Something outside this program did not do what it should. A bug is any other exception.</summary>
public sealed class FaultException(Fault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public Fault Fault { get; } = fault;
}
