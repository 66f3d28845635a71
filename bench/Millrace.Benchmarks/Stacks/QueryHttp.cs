using System.Text.Json;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>A question over HTTP and its JSON answer; whatever goes wrong names the question.</summary>
internal static class QueryHttp
{
    /// <exception cref="FaultException">No answer, or none that can be used.</exception>
    public static async Task<JsonElement> PostAsync(HttpClient http, string path, HttpContent body, string query, CancellationToken stop)
    {
        try
        {
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode) throw new FaultException(Fault.Refused, $"{query}: {(int)answer.StatusCode} {text}");
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new FaultException(Fault.Unreadable, $"{query}: the answer is not JSON", e);
        }
        catch (HttpRequestException e)
        {
            throw new FaultException(Fault.Unavailable, $"{query}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{query}: no answer within {http.Timeout.TotalSeconds:0} s", e);
        }
    }
}
