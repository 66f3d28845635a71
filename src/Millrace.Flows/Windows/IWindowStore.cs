using Millrace.Contracts;

namespace Millrace.Flows.Windows;

/// <summary>Keeps what flows with windows know, over restarts and crashes.</summary>
public interface IWindowStore
{
    /// <returns>What was saved last; null where nothing was.</returns>
    /// <exception cref="FaultException">Corrupt: it is not what was saved.</exception>
    byte[]? Load(string flow);

    /// <summary>Durable, whole, when it returns; before that the old one is.</summary>
    /// <exception cref="FaultException">Unavailable: the disk does not take it.</exception>
    void Save(string flow, ReadOnlySpan<byte> state);

    /// <summary>The flow was deleted.</summary>
    void Remove(string flow);
}
