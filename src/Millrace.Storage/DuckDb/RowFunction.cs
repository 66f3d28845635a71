using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>The table function by which statements of one database read rows that are not DuckDB's: <c>millrace_rows(number)</c>.</summary>
/// <remarks>
/// Which rows a number stands for is the connection's matter (<see cref="Use"/>), so that all mentions in one statement can be of one moment. DuckDB calls
/// back from its own threads; nothing may be thrown into it, and what it holds of ours it gives back through the functions named Drop….
/// </remarks>
internal sealed unsafe class RowFunction
{
    public const string Name = "millrace_rows";

    private readonly ConcurrentDictionary<ulong, IRowSources> _used = new();
    private readonly IRowSources _others;

    private RowFunction(IRowSources others) => _others = others;

    /// <param name="connection">Of the database that is to have it.</param>
    /// <param name="others">For connections that <see cref="Use"/> nothing.</param>
    public static RowFunction Register(Connection connection, IRowSources others)
    {
        var made = new RowFunction(others);
        var function = Native.CreateFunction();
        var number = Native.CreateLogicalType((int)ColumnType.BigInt);
        Native.SetFunctionName(function, Name);
        Native.AddFunctionParameter(function, number);
        Native.SetFunctionExtra(function, Keep(made), &Drop);
        Native.SetFunctionBind(function, &Bind);
        Native.SetFunctionInit(function, &Init);
        Native.SetFunctionLocalInit(function, &InitThread);
        Native.SetFunctionBody(function, &Fill);
        Native.SetFunctionProjects(function, true);
        var state = Native.RegisterFunction(connection, function);
        Native.DestroyLogicalType(ref number);
        Native.DestroyFunction(ref function);
        return state == 0 ? made : throw new DuckDbException("", $"DuckDB did not take the function {Name}");
    }

    /// <summary>Statements of this connection read from these sources, until the answer is disposed.</summary>
    public IDisposable Use(Connection connection, IRowSources sources)
    {
        Native.ContextOfConnection(connection, out var context);
        var id = Native.ConnectionId(context);
        Native.DestroyContext(ref context);
        _used[id] = sources;
        return new Using(this, id);
    }

    private static nint Keep(object of) => GCHandle.ToIntPtr(GCHandle.Alloc(of));

    private static T Of<T>(nint kept) => (T)GCHandle.FromIntPtr(kept).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Drop(nint kept) => GCHandle.FromIntPtr(kept).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DropAndDispose(nint kept)
    {
        var handle = GCHandle.FromIntPtr(kept);
        var of = (IDisposable)handle.Target!;
        handle.Free();
        try
        {
            of.Dispose();
        }
        catch (Exception)
        {
            // Nobody can be told: DuckDB is tidying up.
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint bind)
    {
        try
        {
            Native.ContextOfBind(bind, out var context);
            var id = Native.ConnectionId(context);
            Native.DestroyContext(ref context);
            var parameter = Native.BindParameter(bind, 0);
            var number = Native.Int64Of(parameter);
            Native.DestroyValue(ref parameter);
            var function = Of<RowFunction>(Native.BindExtra(bind));
            var sources = function._used.TryGetValue(id, out var used) ? used : function._others;
            var source = sources.Find(number) ?? throw new DuckDbException("Binder", $"no rows have the number {number}");
            foreach (var (name, type) in source.Columns)
            {
                var logical = Native.CreateLogicalType((int)type);
                Native.BindColumn(bind, name, logical);
                Native.DestroyLogicalType(ref logical);
            }

            if (source.Rows is { } rows) Native.SetBindCardinality(bind, (ulong)rows, false);
            Native.SetBindData(bind, Keep(source), &Drop);
        }
        catch (Exception failed)
        {
            Native.SetBindError(bind, failed.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint init)
    {
        try
        {
            var columns = new int[(int)Native.InitColumnCount(init)];
            for (var i = 0; i < columns.Length; i++) columns[i] = (int)Math.Min(Native.InitColumn(init, (ulong)i), int.MaxValue);
            var scan = Of<IRowSource>(Native.InitBindData(init)).Open(columns);
            Native.SetInitData(init, Keep(scan), &DropAndDispose);
            Native.SetInitThreads(init, (ulong)scan.Threads);
        }
        catch (Exception failed)
        {
            Native.SetInitError(init, failed.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void InitThread(nint init)
    {
        try
        {
            Native.SetInitData(init, Keep(new ThreadRows()), &DropAndDispose);
        }
        catch (Exception failed)
        {
            Native.SetInitError(init, failed.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint body, nint chunk)
    {
        try
        {
            var thread = Of<ThreadRows>(Native.BodyLocalData(body));
            thread.Reader ??= Of<IRowScan>(Native.BodyInitData(body)).Read();
            Native.SetChunkSize(chunk, (ulong)thread.Reader.Fill(new OutputChunk(chunk)));
        }
        catch (Exception failed)
        {
            Native.SetBodyError(body, failed.Message);
        }
    }

    /// <summary>What one of DuckDB's threads has of a scan: the reader, once it has asked for rows.</summary>
    private sealed class ThreadRows : IDisposable
    {
        public IRowReader? Reader { get; set; }

        public void Dispose() => Reader?.Dispose();
    }

    private sealed class Using(RowFunction function, ulong connection) : IDisposable
    {
        public void Dispose() => function._used.TryRemove(connection, out _);
    }
}
