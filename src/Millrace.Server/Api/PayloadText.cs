using System.Text;

namespace Millrace.Server.Api;

/// <summary>Payloads, which are any bytes, as something JSON can carry.</summary>
internal static class PayloadText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <param name="payload">Whole, or cut off at any byte.</param>
    /// <param name="cut">Whether it was cut: then up to three bytes at its end may be the beginning of a character.</param>
    public static (string Text, string Encoding) Of(byte[] payload, bool cut = false)
    {
        for (var spare = 0; spare <= (cut ? 3 : 0) && spare <= payload.Length; spare++)
        {
            try
            {
                return (Strict.GetString(payload, 0, payload.Length - spare), "utf8");
            }
            catch (DecoderFallbackException)
            {
            }
        }

        return (Convert.ToBase64String(payload), "base64");
    }
}
