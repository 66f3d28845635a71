using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>The functions of DuckDB's C interface that are used here, under their own names. States are 0 for success.</summary>
internal static unsafe partial class Native
{
    private const string Duck = Library.Name;

    static Native() => Library.Register();

    [LibraryImport(Duck, EntryPoint = "duckdb_create_config")]
    internal static partial int CreateConfig(out nint config);

    [LibraryImport(Duck, EntryPoint = "duckdb_set_config", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetConfig(nint config, string name, string option);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_config")]
    internal static partial void DestroyConfig(ref nint config);

    [LibraryImport(Duck, EntryPoint = "duckdb_open_ext", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string? path, out nint database, nint config, out nint error);

    [LibraryImport(Duck, EntryPoint = "duckdb_close")]
    internal static partial void Close(ref nint database);

    [LibraryImport(Duck, EntryPoint = "duckdb_free")]
    internal static partial void Free(nint memory);

    [LibraryImport(Duck, EntryPoint = "duckdb_connect")]
    internal static partial int Connect(Database database, out nint connection);

    [LibraryImport(Duck, EntryPoint = "duckdb_disconnect")]
    internal static partial void Disconnect(ref nint connection);

    [LibraryImport(Duck, EntryPoint = "duckdb_interrupt")]
    internal static partial void Interrupt(Connection connection);

    [LibraryImport(Duck, EntryPoint = "duckdb_query", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Query(Connection connection, string sql, NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_result")]
    internal static partial void DestroyResult(NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_result_error")]
    internal static partial nint ResultError(NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_result_error_type")]
    internal static partial int ResultErrorType(NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_column_count")]
    internal static partial ulong ColumnCount(NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_column_name")]
    internal static partial nint ColumnName(NativeResult* result, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_column_logical_type")]
    internal static partial nint ColumnLogicalType(NativeResult* result, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_fetch_chunk")]
    internal static partial nint FetchChunk(NativeResult result);

    [LibraryImport(Duck, EntryPoint = "duckdb_extract_statements", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong ExtractStatements(Connection connection, string sql, out nint extracted);

    [LibraryImport(Duck, EntryPoint = "duckdb_extract_statements_error")]
    internal static partial nint ExtractStatementsError(nint extracted);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepare_extracted_statement")]
    internal static partial int PrepareExtracted(Connection connection, nint extracted, ulong index, out nint statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_extracted")]
    internal static partial void DestroyExtracted(ref nint extracted);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepare_error")]
    internal static partial nint PrepareError(nint statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_prepare")]
    internal static partial void DestroyPrepare(ref nint statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_nparams")]
    internal static partial ulong ParameterCount(Statement statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepared_statement_type")]
    internal static partial int StatementType(Statement statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepared_statement_column_count")]
    internal static partial ulong PreparedColumnCount(Statement statement);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepared_statement_column_name")]
    internal static partial nint PreparedColumnName(Statement statement, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_prepared_statement_column_type")]
    internal static partial int PreparedColumnType(Statement statement, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_int64")]
    internal static partial int BindInt64(Statement statement, ulong index, long value);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_varchar_length")]
    internal static partial int BindVarchar(Statement statement, ulong index, byte* text, ulong length);

    [LibraryImport(Duck, EntryPoint = "duckdb_execute_prepared")]
    internal static partial int ExecutePrepared(Statement statement, NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_execute_prepared_streaming")]
    internal static partial int ExecutePreparedStreaming(Statement statement, NativeResult* result);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_logical_type")]
    internal static partial nint CreateLogicalType(int type);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_logical_type")]
    internal static partial void DestroyLogicalType(ref nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_get_type_id")]
    internal static partial int GetTypeId(nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_decimal_scale")]
    internal static partial byte DecimalScale(nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_decimal_internal_type")]
    internal static partial int DecimalInternalType(nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_data_chunk")]
    internal static partial nint CreateDataChunk(nint* types, ulong count);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_data_chunk")]
    internal static partial void DestroyDataChunk(ref nint chunk);

    [LibraryImport(Duck, EntryPoint = "duckdb_data_chunk_get_size")]
    internal static partial ulong ChunkSize(DataChunk chunk);

    [LibraryImport(Duck, EntryPoint = "duckdb_data_chunk_set_size")]
    internal static partial void SetChunkSize(DataChunk chunk, ulong size);

    [LibraryImport(Duck, EntryPoint = "duckdb_data_chunk_get_vector")]
    internal static partial nint ChunkVector(DataChunk chunk, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_vector_get_data")]
    internal static partial nint VectorData(nint vector);

    [LibraryImport(Duck, EntryPoint = "duckdb_vector_get_validity")]
    internal static partial nint VectorValidity(nint vector);

    [LibraryImport(Duck, EntryPoint = "duckdb_vector_ensure_validity_writable")]
    internal static partial void EnsureValidityWritable(nint vector);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int CreateAppender(Connection connection, string? schema, string table, out nint appender);

    [LibraryImport(Duck, EntryPoint = "duckdb_append_data_chunk")]
    internal static partial int AppendChunk(Appender appender, DataChunk chunk);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_add_column", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddAppenderColumn(Appender appender, string name);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_flush")]
    internal static partial int FlushAppender(Appender appender);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_clear")]
    internal static partial int ClearAppender(Appender appender);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_destroy")]
    internal static partial int DestroyAppender(ref nint appender);

    [LibraryImport(Duck, EntryPoint = "duckdb_appender_error")]
    internal static partial nint AppenderError(nint appender);
}
