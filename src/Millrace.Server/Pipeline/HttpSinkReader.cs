using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>http:</c> of a flow's destinations.</summary>
internal static class HttpSinkReader
{
    public static HttpSinkOptions Read(Section section)
    {
        var http = new HttpSinkOptions
        {
            Url = section.Needed("url", "'https://example.com/cars/${vin}'"),
            ConfirmationUrl = section.Text("confirmationUrl"),
            Headers = HeaderReader.Read(section, mayBeSecret: true),
            Auth = ReadAuth(section),
            Batch = ReadBatch(section),
            CaFile = section.Text("caFile"),
            AnyHost = section.Flag("anyHost") ?? false,
            LinkLocal = section.Flag("linkLocal") ?? false,
            SystemProxy = section.Flag("systemProxy") ?? false,
            Tries = section.Whole("tries") ?? 0,
        };
        return section.Duration("timeout") is { } timeout ? http with { Timeout = timeout } : http;
    }

    private static HttpAuthOptions? ReadAuth(Section section)
    {
        if (section.Map("auth") is not { } auth) return null;
        var options = new HttpAuthOptions();
        if (auth.Has("sigv4"))
            auth.Problems.Add($"{auth.Where}.sigv4", "signs for AWS's own services and is not supported; use basic, bearer, or a header with a secret", auth.Node);
        else if (!auth.Has("basic") && !auth.Has("bearer"))
            auth.Problems.Add(auth.Where, "must hold basic: { user, password } or bearer: { token }", auth.Node);
        if (auth.Map("basic") is { } basic)
        {
            options = options with { User = basic.Needed("user", "millrace"), Password = basic.Needed("password", "env:OPS_PASSWORD") };
            basic.End();
        }

        if (auth.Map("bearer") is { } bearer)
        {
            options = options with { Token = bearer.Needed("token", "env:OPS_TOKEN") };
            bearer.End();
        }

        auth.End();
        return options;
    }

    private static HttpBatchOptions? ReadBatch(Section section)
    {
        if (section.Has("enableBatching") || section.Has("batchConfig")) return ReadBatchOfAws(section);
        if (section.Map("batch") is not { } given) return null;
        var batch = new HttpBatchOptions();
        if (given.Whole("maxRecords") is { } records) batch = batch with { MaxRecords = records };
        if (given.Size("maxBytes") is { } bytes) batch = batch with { MaxBytes = bytes };
        if (given.Duration("maxAge") is { } age) batch = batch with { MaxAge = age };
        given.End();
        return batch;
    }

    /// <summary>As an AWS IoT rule has it.</summary>
    private static HttpBatchOptions? ReadBatchOfAws(Section section)
    {
        var isOn = section.Flag("enableBatching") ?? false;
        var batch = new HttpBatchOptions { MaxRecords = 10, MaxBytes = new ByteSize(5120), MaxAge = TimeSpan.FromMilliseconds(20) };
        if (section.Map("batchConfig") is { } given)
        {
            if (given.Whole("maxBatchSize") is { } records) batch = batch with { MaxRecords = records };
            if (given.Whole("maxBatchSizeBytes") is { } bytes) batch = batch with { MaxBytes = new ByteSize(bytes) };
            if (given.Whole("maxBatchOpenMs") is { } age) batch = batch with { MaxAge = TimeSpan.FromMilliseconds(age) };
            given.End();
        }

        return isOn ? batch : null;
    }
}
