using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>The properties of a republished message, made for each.</summary>
internal sealed class HeaderTemplates
{
    private readonly RenderBuffer _buffer = new();
    private readonly Template? _format;
    private readonly Template? _contentType;
    private readonly Template? _responseTopic;
    private readonly Template? _correlationData;
    private readonly Template? _expiry;
    private readonly (Template Key, Template Value)[] _user;

    private HeaderTemplates(RepublishHeaders headers, Func<string, Template> compile)
    {
        _format = Compiled(headers.PayloadFormatIndicator);
        _contentType = Compiled(headers.ContentType);
        _responseTopic = Compiled(headers.ResponseTopic);
        _correlationData = Compiled(headers.CorrelationData);
        _expiry = Compiled(headers.MessageExpiry);
        _user = [.. headers.UserProperties.Select(property => (compile(property.Key), compile(property.Value)))];

        Template? Compiled(string? text) => text is null ? null : compile(text);
    }

    /// <returns>Null where nothing is to be sent.</returns>
    public static HeaderTemplates? Of(RepublishHeaders headers, Func<string, Template> compile) =>
        headers == new RepublishHeaders() ? null : new HeaderTemplates(headers, compile);

    public bool TryRender(in Record origin, RuleContext context, [NotNullWhen(true)] out PublishProperties? properties, out string reason)
    {
        properties = null;
        if (!TryText(_format, "payloadFormatIndicator", origin, context, out var format, out reason)
            || !TryText(_contentType, "contentType", origin, context, out var contentType, out reason, required: false)
            || !TryText(_responseTopic, "responseTopic", origin, context, out var responseTopic, out reason)
            || !TryText(_correlationData, "correlationData", origin, context, out var correlation, out reason)
            || !TryText(_expiry, "messageExpiry", origin, context, out var expiry, out reason)) return false;

        var user = new KeyValuePair<string, string>[_user.Length];
        for (var i = 0; i < user.Length; i++)
        {
            if (!TryText(_user[i].Key, "a user property", origin, context, out var key, out reason)
                || !TryText(_user[i].Value, "a user property", origin, context, out var value, out reason, required: false)) return false;
            user[i] = new(key!, value!);
        }

        reason = format is not (null or "UNSPECIFIED_BYTES" or "UTF8_DATA") ? "the header payloadFormatIndicator becomes neither UNSPECIFIED_BYTES nor UTF8_DATA" : "";
        byte[]? data = null;
        if (correlation is not null && !TryBytes(correlation, out data)) reason = "the header correlationData becomes no Base64";
        uint seconds = 0;
        if (expiry is not null && !uint.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
            reason = "the header messageExpiry becomes no whole number of seconds";
        if (reason.Length > 0) return false;

        properties = new PublishProperties
        {
            IsUtf8 = format is null ? null : format == "UTF8_DATA",
            ContentType = contentType,
            ResponseTopic = responseTopic,
            CorrelationData = data,
            ExpirySeconds = expiry is null ? null : seconds,
            User = user,
        };
        return true;
    }

    private static bool TryBytes(string base64, out byte[]? bytes)
    {
        bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return false;
        Array.Resize(ref bytes, length);
        return true;
    }

    private bool TryText(Template? template, string what, in Record origin, RuleContext context, out string? text, out string reason, bool required = true)
    {
        (text, reason) = (null, "");
        if (template is null) return true;
        if (!_buffer.TryRender(template, origin, context, out var utf8, out var why, required))
        {
            reason = $"the header {what}: {why}";
            return false;
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }
}
