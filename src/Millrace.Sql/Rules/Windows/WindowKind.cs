namespace Millrace.Sql.Rules.Windows;

/// <summary>How time is cut into windows.</summary>
public enum WindowKind : byte
{
    /// <summary>One behind the other, all of one size.</summary>
    Tumbling,

    /// <summary>Of one size, begun at each step: a row is in several.</summary>
    Hopping,

    /// <summary>Of each group its own: rows that follow each other closer than a gap.</summary>
    Session,
}
