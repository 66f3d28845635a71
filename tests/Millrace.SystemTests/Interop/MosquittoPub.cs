namespace Millrace.SystemTests.Interop;

/// <summary>mosquitto_pub, which ends when the broker has acknowledged.</summary>
internal static class MosquittoPub
{
    public static async Task SendAsync(BrokerUnderTest broker, string topic, string payload, params string[] more)
    {
        // -m refuses the empty payload that deletes a retained message; -n sends it.
        string[] content = payload.Length == 0 ? ["-n"] : ["-m", payload];
        var ran = await Commands.RunAsync("mosquitto_pub", [.. broker.MosquittoOptions, "-t", topic, .. content, .. more]);
        Assert.True(ran.Code == 0 && ran.Error.Length == 0, $"mosquitto_pub ended with code {ran.Code}: {ran.Output}{ran.Error}");
    }
}
