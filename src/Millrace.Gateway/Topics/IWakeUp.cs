namespace Millrace.Gateway.Topics;

/// <summary>Has something to do that must not be done while others' messages are at hand.</summary>
internal interface IWakeUp
{
    void WakeUp();
}
