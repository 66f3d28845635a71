namespace Millrace.Connectors.Http;

/// <summary>What a destination is asked with: AWS's message, so that receivers written for AWS answer it.</summary>
/// <param name="Arn">Names the destination.</param>
/// <param name="ConfirmationToken">Goes back to us by way of <paramref name="EnableUrl"/>.</param>
/// <param name="EnableUrl">A GET of it agrees.</param>
/// <param name="MessageType">Always <c>DestinationConfirmation</c>.</param>
internal sealed record HttpConfirmationMessage(string Arn, string ConfirmationToken, string EnableUrl, string MessageType);
