namespace Millrace.Sql.History;

/// <summary>SHOW or DESCRIBE, read. Names are as they were written, without their quotes.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Database">Null: all of them.</param>
/// <param name="Table">Null where none is named.</param>
/// <param name="Pattern">Of LIKE, <c>%</c> and <c>_</c> in it; null: everything.</param>
/// <param name="Position">Where the name begins, in characters from 0.</param>
public sealed record ShowStatement(ShowKind Kind, string? Database, string? Table, string? Pattern, int Position)
{
    /// <returns>Null where the statement is neither: it is a query then.</returns>
    /// <exception cref="HistoryException">It is one of them, and not well formed.</exception>
    public static ShowStatement? Read(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new Reader(sql).Read();
    }

    private sealed class Reader(string sql)
    {
        private const string Forms =
            "what can be shown: SHOW DATABASES [LIKE 'p'], SHOW TABLES [FROM database] [LIKE 'p'], SHOW MEASURES FROM database.table [LIKE 'p'], DESCRIBE database.table";

        private readonly SqlText _sql = new(sql);
        private int _at = -1;
        private int _name;

        public ShowStatement? Read()
        {
            _at = _sql.After(_at);
            if (Take("describe") || Take("desc"))
            {
                _ = Take("table");
                return End(Named(ShowKind.Columns));
            }

            if (!Take("show")) return null;
            if (Take("databases") || Take("schemas")) return End(new ShowStatement(ShowKind.Databases, null, null, null, _name));
            if (Take("tables")) return End(new ShowStatement(ShowKind.Tables, Take("from") || Take("in") ? Name() : null, null, null, _name));
            if (Take("measures") && (Take("from") || Take("in"))) return End(Named(ShowKind.Measures));
            throw Wrong();
        }

        private ShowStatement Named(ShowKind kind)
        {
            var database = Name();
            if (!_sql.Is(_at, '.')) throw Wrong();
            _at = _sql.After(_at);
            var place = _name;
            return new ShowStatement(kind, database, Name(), null, place);
        }

        private ShowStatement End(ShowStatement read)
        {
            if (read.Kind != ShowKind.Columns && Take("like"))
            {
                if (!_sql.IsString(_at) || _sql.Of(_at) is not ['\'', .. var pattern, '\'']) throw Wrong();
                read = read with { Pattern = pattern.Replace("''", "'", StringComparison.Ordinal) };
                _at = _sql.After(_at);
            }

            if (_sql.Is(_at, ';')) _at = _sql.After(_at);
            return _at >= _sql.Parts.Count ? read : throw Wrong();
        }

        private bool Take(string word)
        {
            if (!_sql.IsWord(_at, word)) return false;
            _at = _sql.After(_at);
            return true;
        }

        // A word, which may have '-' in it as names of tables do, or anything in double quotes.
        private string Name()
        {
            if (_at >= _sql.Parts.Count) throw Wrong();
            _name = _sql.Parts[_at].At;
            if (_sql.Parts[_at].Kind == SqlPartKind.Opaque && sql[_name] == '"' && _sql.Of(_at) is [.. var quoted, '"'] && quoted.Length > 1)
            {
                _at = _sql.After(_at);
                return quoted[1..].Replace("\"\"", "\"", StringComparison.Ordinal);
            }

            var from = _at;
            while (_at < _sql.Parts.Count && IsOfName(_at)) _at++;
            if (_at == from) throw Wrong();
            var name = sql[_name.._sql.Parts[_at - 1].End];
            _at = _sql.After(_at - 1);
            return name;
        }

        private bool IsOfName(int i) =>
            _sql.Parts[i].Kind is SqlPartKind.Word or SqlPartKind.Interval || _sql.Is(i, '-') || (_sql.Parts[i].Kind == SqlPartKind.Opaque && char.IsAsciiDigit(sql[_sql.Parts[i].At]));

        private HistoryException Wrong() => new(Forms, _at < _sql.Parts.Count ? _sql.Parts[_at].At : sql.Length);
    }
}
