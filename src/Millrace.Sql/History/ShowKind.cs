namespace Millrace.Sql.History;

/// <summary>What a statement asks about, where it asks about tables and not about rows.</summary>
public enum ShowKind
{
    /// <summary><c>SHOW DATABASES [LIKE 'p']</c></summary>
    Databases,

    /// <summary><c>SHOW TABLES [FROM database] [LIKE 'p']</c></summary>
    Tables,

    /// <summary><c>SHOW MEASURES FROM database.table [LIKE 'p']</c></summary>
    Measures,

    /// <summary><c>DESCRIBE database.table</c></summary>
    Columns,
}
