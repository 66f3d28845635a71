namespace Millrace.Sql.Rules;

/// <summary>A version of AWS IoT SQL, as <c>awsIotSqlVersion</c> names it.</summary>
public enum SqlVersion
{
    /// <summary>2016-03-23, and <c>beta</c>, which is the same here.</summary>
    V2016,

    /// <summary>2015-10-08.</summary>
    V2015,
}
