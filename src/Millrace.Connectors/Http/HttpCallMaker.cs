using System.Buffers;
using System.Text;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Http;

/// <summary>Makes calls out of a target's templates. A message may shape its URL, but not lead it to another host.</summary>
internal sealed class HttpCallMaker(HttpTarget target)
{
    private const int MaxUrl = 8 * 1024;
    private const int MaxHeader = 8 * 1024;

    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly string? _confirmed = target.ConfirmationUrl?.AbsoluteUri;
    private readonly bool _isConstant = target.Url.IsConstant && target.Headers.All(static header => header.Value.IsConstant);
    private HttpCall? _constant;

    /// <param name="origin">The message as it was published.</param>
    /// <param name="call">Where there is one.</param>
    /// <param name="why">Names the field and the rule.</param>
    public bool TryMake(in Record origin, out HttpCall? call, out string why)
    {
        call = _constant;
        why = "";
        if (call is not null) return true;
        if (!TryUrl(origin, out var url, out why) || !TryHeaders(origin, out var headers, out why)) return false;
        call = new HttpCall(url!, headers);
        if (_isConstant) _constant = call;
        return true;
    }

    private bool TryUrl(in Record origin, out Uri? url, out string why)
    {
        url = null;
        _text.ResetWrittenCount();
        if (!target.Url.TryRender(origin, _text, out var reason))
        {
            why = $"the url: {reason}";
            return false;
        }

        why = _text.WrittenCount > MaxUrl ? $"the url has {_text.WrittenCount} bytes; at most {MaxUrl} are allowed"
            : !Uri.TryCreate(Encoding.UTF8.GetString(_text.WrittenSpan), UriKind.Absolute, out url) ? "the url is none with these values"
            : url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps ? $"the url begins with {url.Scheme}: and must begin with http: or https:"
            : url.UserInfo.Length > 0 ? "the url holds a user, which it must not: see auth.basic"
            : target.Authority is { } authority && url.GetLeftPart(UriPartial.Authority) != authority ? $"the url leads to another host than {authority}"
            : _confirmed is not null && !url.AbsoluteUri.StartsWith(_confirmed, StringComparison.Ordinal) ? $"the url does not begin with {_confirmed}, which is the confirmationUrl"
            : "";
        return why.Length == 0;
    }

    private bool TryHeaders(in Record origin, out KeyValuePair<string, string>[] headers, out string why)
    {
        headers = new KeyValuePair<string, string>[target.Headers.Count];
        why = "";
        for (var i = 0; i < headers.Length; i++)
        {
            var (name, text) = target.Headers[i];
            _text.ResetWrittenCount();
            if (!text.TryRender(origin, _text, out var reason)) why = $"the header {name}: {reason}";
            else if (_text.WrittenCount > MaxHeader) why = $"the header {name} has {_text.WrittenCount} bytes; at most {MaxHeader} are allowed";
            else if (!HttpCall.TryHeaderValue(_text.WrittenSpan, out var value)) why = $"the header {name} may hold visible ASCII characters alone";
            else headers[i] = new(name, value);
            if (why.Length > 0) return false;
        }

        return true;
    }
}
