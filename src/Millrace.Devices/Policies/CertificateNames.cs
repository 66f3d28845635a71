using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Devices.Policies;

/// <summary>What a certificate says about its holder and its issuer, by the names that policy variables use.</summary>
internal sealed class CertificateNames
{
    private static readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CommonName",
        ["2.5.4.4"] = "Surname",
        ["2.5.4.5"] = "SerialNumber",
        ["2.5.4.6"] = "Country",
        ["2.5.4.8"] = "State",
        ["2.5.4.10"] = "Organization",
        ["2.5.4.11"] = "OrganizationalUnit",
        ["2.5.4.12"] = "Title",
        ["2.5.4.42"] = "GivenName",
        ["2.5.4.43"] = "Initials",
        ["2.5.4.44"] = "GenerationQualifier",
        ["2.5.4.46"] = "DistinguishedNameQualifier",
        ["2.5.4.65"] = "Pseudonym",
    };

    private static readonly string[] AlternativeNames = ["RFC822Name", "DNSName", "DirectoryName", "UniformResourceIdentifier", "IPAddress"];

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    public CertificateNames(X509Certificate2 certificate)
    {
        Add("SerialNumber", certificate.SerialNumber);
        Read("Subject.", certificate.SubjectName);
        Read("Issuer.", certificate.IssuerName);
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()) ReadAlternatives(extension.RawData);
    }

    /// <summary>The names there are, as <c>Subject.CommonName</c>.</summary>
    public static IEnumerable<string> Known { get; } =
    [
        "SerialNumber",
        .. Attributes.Values.Select(static name => "Subject." + name),
        .. Attributes.Values.Select(static name => "Issuer." + name),
        .. AlternativeNames.Select(static name => "SubjectAlternativeName." + name),
    ];

    /// <returns>All values of a name, in the certificate's order.</returns>
    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? values : [];

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values)) _values[name] = values = [];
        values.Add(value);
    }

    private void Read(string prefix, X500DistinguishedName name)
    {
        try
        {
            foreach (var part in name.EnumerateRelativeDistinguishedNames(reversed: false))
            {
                if (part.HasMultipleElements) continue;
                if (Attributes.TryGetValue(part.GetSingleElementType().Value ?? "", out var attribute) && part.GetSingleElementValue() is { } value)
                    Add(prefix + attribute, value);
            }
        }
        catch (CryptographicException)
        {
            // A name in a string type that is none: it has no value, and no statement that asks for it matches.
        }
    }

    /// <summary>GeneralNames of RFC 5280, 4.2.1.6; kinds without a variable are passed over.</summary>
    private void ReadAlternatives(byte[] extension)
    {
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                switch (tag.TagValue)
                {
                    case 1: Add("SubjectAlternativeName.RFC822Name", names.ReadCharacterString(UniversalTagNumber.IA5String, tag)); break;
                    case 2: Add("SubjectAlternativeName.DNSName", names.ReadCharacterString(UniversalTagNumber.IA5String, tag)); break;
                    case 4: Add("SubjectAlternativeName.DirectoryName", new X500DistinguishedName(names.ReadSequence(tag).ReadEncodedValue().Span).Name); break;
                    case 6: Add("SubjectAlternativeName.UniformResourceIdentifier", names.ReadCharacterString(UniversalTagNumber.IA5String, tag)); break;
                    case 7 when names.ReadOctetString(tag) is { Length: 4 or 16 } address:
                        Add("SubjectAlternativeName.IPAddress", new IPAddress(address).ToString());
                        break;
                    case 7: break;
                    default: names.ReadEncodedValue(); break;
                }
            }
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException)
        {
            // As above.
        }
    }
}
