namespace Millrace.Storage.Documents;

/// <summary>Where commits become durable: the file that has the name, and from time to time a shorter one that will get it. Writer thread only.</summary>
/// <param name="environment">Of the store.</param>
/// <param name="state">Where documents for a new file come from.</param>
/// <param name="path">The name.</param>
/// <param name="file">As recovered; null where there is none.</param>
internal sealed class Journal(DocumentEnvironment environment, DocumentState state, string path, JournalFile? file) : IDisposable
{
    private const int GrowthBeforeRewriting = 4;

    private JournalRewrite? _rewrite;
    private bool _copied;
    private long _rewriteFrom = environment.Options.RewriteFrom.Bytes;

    /// <summary>A new file is under way: there is something to do even if nothing is written.</summary>
    public bool Rewriting => _rewrite is not null;

    /// <summary>Makes a new file where there is none that may be written to, all but the name.</summary>
    /// <returns>True: what was written meanwhile must be part of the next commit, as the file may hold some of it.</returns>
    public bool Prepare()
    {
        if (_copied || file is { Trusted: true }) return false;
        try
        {
            _rewrite ??= Begin();
            while (_rewrite.Step())
            {
            }

            _copied = true;
            return true;
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Safe when it returns. Where it throws, it may be called again with the same changes and more, after <see cref="Prepare"/>.</summary>
    public void Commit(JournalFrame frame)
    {
        try
        {
            if (_copied) Replace(frame);
            else if (frame.Count > 0) Append(frame);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Begins a new file where it is time, or writes another step of it: what commits have to wait for.</summary>
    /// <param name="committed">What <see cref="Commit"/> made safe since the last call.</param>
    public void GoOn(JournalFrame committed)
    {
        if (_rewrite is null && !WorthRewriting()) return;
        try
        {
            if (_rewrite is null) _rewrite = Begin();
            else if (committed.Count > 0) _rewrite.Write(committed);
            _copied = !_rewrite.Step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            environment.Logger.RewriteFailed(path, e);
            Abandon();
        }
    }

    public void Dispose()
    {
        Abandon();
        file?.Dispose();
    }

    private JournalRewrite Begin() => new(environment, state, path, (file?.Generation ?? 0) + 1);

    private bool WorthRewriting() => file!.End > Math.Max(_rewriteFrom, state.JournalBytes * GrowthBeforeRewriting);

    private void Append(JournalFrame frame)
    {
        file!.Write(frame);
        file.Sync();
    }

    private void Replace(JournalFrame frame)
    {
        _rewrite!.Complete(frame);
        file?.Distrust();
        var renamed = _rewrite.TakeName();
        file?.Dispose();
        file = renamed;
        _rewrite = null;
        _copied = false;
        _rewriteFrom = environment.Options.RewriteFrom.Bytes;
    }

    private void Abandon()
    {
        _copied = false;
        if (_rewrite is null) return;
        _rewrite.Dispose();
        _rewrite = null;
        _rewriteFrom = (file?.End ?? 0) + environment.Options.RewriteFrom.Bytes;
    }
}
