namespace Millrace.Flows.Options;

/// <summary>The <c>clientProperties</c> of Kafka that may be given: AWS's, under the names of Kafka's Java client, and what TLS and tuning need.</summary>
public static class KafkaProperties
{
    /// <summary>Texts that belong into no pipeline file.</summary>
    private static readonly HashSet<string> Secrets =
    [
        "sasl.password", "sasl.plain.password", "sasl.scram.password", "ssl.key.password", "ssl.keystore.password",
    ];

    /// <summary>Each with its values, where these are few, and librdkafka's name for it; an empty name: it is the same for every rule here.</summary>
    private static readonly Dictionary<string, (string[]? Values, string Name)> Known = new()
    {
        ["bootstrap.servers"] = (null, "bootstrap.servers"),
        ["acks"] = (["0", "1", "-1", "all"], "acks"),
        ["compression.type"] = (["none", "gzip", "snappy", "lz4", "zstd"], "compression.type"),
        ["security.protocol"] = (["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], "security.protocol"),
        ["key.serializer"] = (["org.apache.kafka.common.serialization.StringSerializer", "StringSerializer"], ""),
        ["value.serializer"] = (["org.apache.kafka.common.serialization.ByteBufferSerializer", "ByteBufferSerializer"], ""),
        ["sasl.mechanism"] = (["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], "sasl.mechanism"),
        ["sasl.username"] = (null, "sasl.username"),
        ["sasl.plain.username"] = (null, "sasl.username"),
        ["sasl.scram.username"] = (null, "sasl.username"),
        ["sasl.password"] = (null, "sasl.password"),
        ["sasl.plain.password"] = (null, "sasl.password"),
        ["sasl.scram.password"] = (null, "sasl.password"),
        ["ssl.ca.location"] = (null, "ssl.ca.location"),
        ["ssl.certificate.location"] = (null, "ssl.certificate.location"),
        ["ssl.key.location"] = (null, "ssl.key.location"),
        ["ssl.key.password"] = (null, "ssl.key.password"),
        ["ssl.keystore.location"] = (null, "ssl.keystore.location"),
        ["ssl.keystore.password"] = (null, "ssl.keystore.password"),
        ["client.id"] = (null, "client.id"),
        ["linger.ms"] = (null, "linger.ms"),
        ["batch.size"] = (null, "batch.size"),
        ["max.request.size"] = (null, "message.max.bytes"),
        ["delivery.timeout.ms"] = (null, "message.timeout.ms"),
        ["request.timeout.ms"] = (null, "request.timeout.ms"),
    };

    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["ssl.truststore"] = "is Java's form; write ssl.ca.location: the path of a PEM file",
        ["ssl.truststore.password"] = "is Java's form; write ssl.ca.location: the path of a PEM file",
        ["ssl.keystore"] = "is Java's form; write ssl.keystore.location: the path of a PKCS #12 file, with ssl.keystore.password",
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public static bool IsSecret(string key) => Secrets.Contains(key);

    /// <summary>What librdkafka calls it; null where it has no part in what is sent.</summary>
    public static string? NativeName(string key) => Known.TryGetValue(key, out var known) && known.Name.Length > 0 ? known.Name : null;

    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Check(string key, string value)
    {
        if (Elsewhere.TryGetValue(key, out var instead)) return instead;
        if (!Known.TryGetValue(key, out var known)) return $"is unknown; there are {string.Join(", ", Known.Keys)}";
        if (key == "sasl.mechanism" && value is "GSSAPI" or "AWS_MSK_IAM") return $"{value} is not supported here; there are PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512";
        if (IsSecret(key)) return SecretText.IsReference(value) ? null : SecretText.Rule;
        if (known.Values is { } values && !values.Contains(value)) return $"must be one of {string.Join(", ", values)}";
        return value.Length == 0 ? "has no value" : null;
    }
}
