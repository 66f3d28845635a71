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

    [LibraryImport(Duck, EntryPoint = "duckdb_data_chunk_get_vector")]
    internal static partial nint ChunkVector(nint chunk, ulong column);

    [LibraryImport(Duck, EntryPoint = "duckdb_data_chunk_set_size")]
    internal static partial void SetChunkSize(nint chunk, ulong size);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_vector")]
    internal static partial nint CreateVector(nint type, ulong capacity);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_vector")]
    internal static partial void DestroyVector(ref nint vector);

    [LibraryImport(Duck, EntryPoint = "duckdb_unsafe_vector_assign_string_element_len")]
    internal static partial void AssignText(nint vector, ulong row, byte* text, ulong length);

    [LibraryImport(Duck, EntryPoint = "duckdb_vector_reference_value")]
    internal static partial void ReferenceValue(nint vector, TextValue value);

    [LibraryImport(Duck, EntryPoint = "duckdb_vector_reference_vector")]
    internal static partial void ReferenceVector(nint vector, OwnedVector from);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_selection_vector")]
    internal static partial nint CreateSelection(ulong size);

    [LibraryImport(Duck, EntryPoint = "duckdb_selection_vector_get_data_ptr")]
    internal static partial nint SelectionData(nint selection);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_selection_vector")]
    internal static partial void DestroySelection(nint selection);

    [LibraryImport(Duck, EntryPoint = "duckdb_slice_vector")]
    internal static partial void Slice(nint vector, nint selection, ulong rows);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_varchar_length")]
    internal static partial nint CreateText(byte* text, ulong length);

    [LibraryImport(Duck, EntryPoint = "duckdb_get_int64")]
    internal static partial long Int64Of(nint value);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_value")]
    internal static partial void DestroyValue(ref nint value);

    [LibraryImport(Duck, EntryPoint = "duckdb_connection_get_client_context")]
    internal static partial void ContextOfConnection(Connection connection, out nint context);

    [LibraryImport(Duck, EntryPoint = "duckdb_client_context_get_connection_id")]
    internal static partial ulong ConnectionId(nint context);

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_client_context")]
    internal static partial void DestroyContext(ref nint context);

    [LibraryImport(Duck, EntryPoint = "duckdb_create_table_function")]
    internal static partial nint CreateFunction();

    [LibraryImport(Duck, EntryPoint = "duckdb_destroy_table_function")]
    internal static partial void DestroyFunction(ref nint function);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetFunctionName(nint function, string name);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_add_parameter")]
    internal static partial void AddFunctionParameter(nint function, nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_extra_info")]
    internal static partial void SetFunctionExtra(nint function, nint extra, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_bind")]
    internal static partial void SetFunctionBind(nint function, delegate* unmanaged[Cdecl]<nint, void> bind);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_init")]
    internal static partial void SetFunctionInit(nint function, delegate* unmanaged[Cdecl]<nint, void> init);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_local_init")]
    internal static partial void SetFunctionLocalInit(nint function, delegate* unmanaged[Cdecl]<nint, void> init);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_set_function")]
    internal static partial void SetFunctionBody(nint function, delegate* unmanaged[Cdecl]<nint, nint, void> body);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_supports_projection_pushdown")]
    internal static partial void SetFunctionProjects(nint function, [MarshalAs(UnmanagedType.U1)] bool projects);

    [LibraryImport(Duck, EntryPoint = "duckdb_register_table_function")]
    internal static partial int RegisterFunction(Connection connection, nint function);

    [LibraryImport(Duck, EntryPoint = "duckdb_table_function_get_client_context")]
    internal static partial void ContextOfBind(nint bind, out nint context);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_get_extra_info")]
    internal static partial nint BindExtra(nint bind);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_get_parameter")]
    internal static partial nint BindParameter(nint bind, ulong index);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_add_result_column", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void BindColumn(nint bind, string name, nint type);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_set_bind_data")]
    internal static partial void SetBindData(nint bind, nint data, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_set_cardinality")]
    internal static partial void SetBindCardinality(nint bind, ulong rows, [MarshalAs(UnmanagedType.U1)] bool exact);

    [LibraryImport(Duck, EntryPoint = "duckdb_bind_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetBindError(nint bind, string error);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_get_bind_data")]
    internal static partial nint InitBindData(nint init);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_set_init_data")]
    internal static partial void SetInitData(nint init, nint data, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_get_column_count")]
    internal static partial ulong InitColumnCount(nint init);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_get_column_index")]
    internal static partial ulong InitColumn(nint init, ulong index);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_set_max_threads")]
    internal static partial void SetInitThreads(nint init, ulong threads);

    [LibraryImport(Duck, EntryPoint = "duckdb_init_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetInitError(nint init, string error);

    [LibraryImport(Duck, EntryPoint = "duckdb_function_get_init_data")]
    internal static partial nint BodyInitData(nint body);

    [LibraryImport(Duck, EntryPoint = "duckdb_function_get_local_init_data")]
    internal static partial nint BodyLocalData(nint body);

    [LibraryImport(Duck, EntryPoint = "duckdb_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetBodyError(nint body, string error);
}
