namespace Millrace.SystemTests.Interop;

/// <summary>Ours, with plain MQTT served as on other systems than Linux.</summary>
public sealed class KestrelBroker() : BrokerUnderTest("--mqtt-transport", "kestrel");
