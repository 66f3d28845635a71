using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Contracts;
using Millrace.Gateway.Counting;

namespace Millrace.Gateway.Http;

/// <summary>Publishing over HTTP, as AWS IoT has it: <c>POST /topics/{topic}?qos=0|1</c>, the body is the payload.</summary>
public static class TopicsEndpoint
{
    private const string Prefix = "/topics/";

    // Stands in the record where a device's messages have the client id.
    private static readonly byte[] Key = "http"u8.ToArray();

    // The answer is read as JSON, never put into a page: '+' may stay '+'.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Publishes through <paramref name="broker"/>.</summary>
    public static IEndpointConventionBuilder MapTopics(this IEndpointRouteBuilder endpoints, Broker broker) =>
        endpoints.MapPost(Prefix + "{**topic}", Task (HttpContext context, string? topic, [FromQuery] string? qos) =>
                PublishAsync(context, TopicOf(context, topic ?? ""), qos, broker))
            .Accepts<byte[]>(isOptional: true, "*/*")
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .Produces(StatusCodes.Status400BadRequest, contentType: "application/json")
            .Produces(StatusCodes.Status413PayloadTooLarge, contentType: "application/json")
            .Produces(StatusCodes.Status503ServiceUnavailable, contentType: "application/json")
            .WithName("publish").WithTags("topics")
            .WithSummary("Publishes a message; with qos=1 it is safe in the log when the answer comes");

    /// <summary>For those who may.</summary>
    internal static async Task PublishAsync(HttpContext context, string topic, string? quality, Broker broker)
    {
        if (!TryReadQos(quality, out var qos))
        {
            broker.Counters.Refused(RefusalReason.Qos);
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "The parameter qos must be 0 or 1.").ConfigureAwait(false);
            return;
        }

        var limit = broker.Options.MaxPacketSize.Bytes;
        var payload = await ReadBodyAsync(context.Request, limit).ConfigureAwait(false);
        var topicLength = System.Text.Encoding.UTF8.GetByteCount(topic);
        if (payload is null || payload.Length > InsidePublish.MaxPayload(topicLength, broker.Options))
        {
            broker.Counters.Refused(RefusalReason.TooLarge);
            await AnswerAsync(context, StatusCodes.Status413PayloadTooLarge,
                $"The payload is larger than the {InsidePublish.MaxPayload(topicLength, broker.Options)} bytes allowed on this topic (mqtt.maxPacketSize).")
                .ConfigureAwait(false);
            return;
        }

        using var timeout = new CancellationTokenSource(broker.Options.HttpCommitTimeout, broker.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            await broker.PublishAsync(Key, topic, payload, qos, retain: false, either.Token).ConfigureAwait(false);
            await AnswerAsync(context, StatusCodes.Status200OK, "OK").ConfigureAwait(false);
        }
        catch (FaultException e) when (e.Fault == Fault.Refused)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, e.Message).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            await UnavailableAsync(context, e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            await UnavailableAsync(context, $"The message was not safe within {broker.Options.HttpCommitTimeout}: the disk is slow or full. It may still become so.")
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client went away, and there is nobody to answer.
        }
    }

    private static bool TryReadQos(string? text, out int qos)
    {
        qos = text == "1" ? 1 : 0;
        return text is null or "" or "0" or "1";
    }

    /// <summary>Decoded once, from the request line: routing leaves %2F as it is, and would not tell it from %252F.</summary>
    internal static string TopicOf(HttpContext context, string routed)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        return path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? Uri.UnescapeDataString(path[Prefix.Length..])
            : routed;
    }

    /// <returns>Null where it is larger than the limit; then the rest is not read.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, long limit)
    {
        if (request.ContentLength > limit) return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Task UnavailableAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = "5";
        return AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, message);
    }

    /// <summary>An answer as AWS IoT has it: a message, and an id to find it by.</summary>
    public static async Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter, Readable);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("message", message);
            writer.WriteString("traceId", Guid.NewGuid());
            writer.WriteEndObject();
        }
    }
}
