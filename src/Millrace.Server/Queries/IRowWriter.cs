using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Writes one answer, in memory that its caller sends on.</summary>
internal interface IRowWriter
{
    /// <param name="part">The first one has the columns, and maybe no rows.</param>
    void Write(QueryResult part);

    /// <param name="end">How the query ended.</param>
    /// <param name="complete">Whether all that came in before the server's last stop is there again.</param>
    void End(QueryEnd end, bool complete);

    /// <summary>Tells that it breaks off here, and why.</summary>
    /// <returns>Whether what was written is whole, as its format goes; else the connection is to be broken off too.</returns>
    bool Fail(ApiError error);
}
