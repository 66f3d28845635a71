namespace Millrace.Devices.Policies;

/// <summary>What a policy may allow. All of AWS IoT's data plane can be written; the gateway asks for the first five.</summary>
[Flags]
internal enum PolicyActions
{
    None = 0,
    Connect = 1,
    Publish = 1 << 1,
    Receive = 1 << 2,
    Subscribe = 1 << 3,
    RetainPublish = 1 << 4,
    GetRetainedMessage = 1 << 5,
    ListRetainedMessages = 1 << 6,
    GetThingShadow = 1 << 7,
    UpdateThingShadow = 1 << 8,
    DeleteThingShadow = 1 << 9,
    ListNamedShadowsForThing = 1 << 10,
    DescribeJobExecution = 1 << 11,
    GetPendingJobExecutions = 1 << 12,
    StartNextPendingJobExecution = 1 << 13,
    UpdateJobExecution = 1 << 14,
    AssumeRoleWithCertificate = 1 << 15,
}
