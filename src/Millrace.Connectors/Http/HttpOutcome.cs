namespace Millrace.Connectors.Http;

/// <summary>What an answer means for the request.</summary>
internal enum HttpOutcome
{
    Delivered,

    /// <summary>The destination will not take it however often it is asked.</summary>
    Refused,

    /// <summary>The destination is busy or broken: the same request later.</summary>
    Again,

    /// <summary>As <see cref="Again"/>; but the answer was to this very request, so that it may be its fault.</summary>
    Failed,
}
