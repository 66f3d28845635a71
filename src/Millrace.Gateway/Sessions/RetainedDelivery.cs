using Millrace.Gateway.Retained;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>A retained message that a client is sent because of a subscription.</summary>
internal readonly record struct RetainedDelivery(RetainedMessage Message, Subscription Subscription);
