namespace Millrace.Devices.Policies;

/// <summary>Policies that are there without having been written. One of the same name that somebody writes takes the place.</summary>
internal static class BuiltInPolicies
{
    /// <summary>A thing connects under its own name, and publishes and subscribes to everything.</summary>
    public const string Device = "device";

    public const string Everything = "everything";

    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Device] = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "ConnectAsItself",
                  "Effect": "Allow",
                  "Action": "iot:Connect",
                  "Resource": "arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"
                },
                {
                  "Sid": "Messages",
                  "Effect": "Allow",
                  "Action": ["iot:Publish", "iot:Receive", "iot:RetainPublish"],
                  "Resource": "arn:aws:iot:*:*:topic/*"
                },
                {
                  "Sid": "Subscriptions",
                  "Effect": "Allow",
                  "Action": "iot:Subscribe",
                  "Resource": "arn:aws:iot:*:*:topicfilter/*"
                }
              ]
            }
            """,
        [Everything] = """
            {
              "Version": "2012-10-17",
              "Statement": [{ "Sid": "Everything", "Effect": "Allow", "Action": "iot:*", "Resource": "*" }]
            }
            """,
    };
}
