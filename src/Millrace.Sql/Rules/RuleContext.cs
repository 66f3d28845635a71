using Millrace.Sql.Payload;
using Millrace.Sql.Rules.Functions;

namespace Millrace.Sql.Rules;

/// <summary>What evaluation works with: the clock, chance, and memory that it uses again for each message. One for each thread.</summary>
public sealed class RuleContext
{
    /// <summary>How many bytes the expressions of one statement may make of one message.</summary>
    internal const int MaxText = 64 * 1024 * 1024;

    // A fraction of a second of work; messages are small.
    private const long MaxRead = 256L * 1024 * 1024;

    // More statements than that on one thread are replaced ones: their readers go.
    private const int MaxReaders = 256;

    // Expressions that make more texts than that of one message are rare enough to allocate.
    private const int MaxKeptTexts = 64;

    private readonly TimeProvider _time;
    private readonly Dictionary<object, FieldReader> _readers = [];
    private readonly List<TextBuffer> _texts = [];
    private object? _lastOwner;
    private FieldReader? _lastReader;
    private PayloadError _payloadError;
    private string? _reason;
    private int _textsUsed;
    private int _textLength;
    private readonly List<KeptValue> _variables = [];
    private readonly List<ElementScope> _scopes = [];
    private bool _keeps;
    private long _read;
    private bool _mayRecover;

    /// <param name="time">For <c>timestamp()</c> where a record was not yet given an arrival time by the log.</param>
    /// <param name="random">For <c>newuuid()</c> and <c>rand()</c> of records that no log has taken; with a seed it repeats.</param>
    public RuleContext(TimeProvider time, Random? random = null)
    {
        _time = time;
        Chance = new Chance(random ?? new Random());
    }

    /// <summary>Why the last evaluation gave <see cref="RuleResult.Unreadable"/>, or a template nothing.</summary>
    public string Reason => _reason ?? _payloadError.ToString();

    /// <summary>For functions of chance.</summary>
    internal Chance Chance { get; }

    /// <summary>What functions keep from message to message.</summary>
    internal FunctionMemory Memory { get; } = new();

    internal bool Failed { get; private set; }

    internal long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal void Begin()
    {
        for (var i = 0; i < _textsUsed; i++) _texts[i].Clear();
        if (_texts.Count > MaxKeptTexts) _texts.RemoveRange(MaxKeptTexts, _texts.Count - MaxKeptTexts);
        _textsUsed = 0;
        _textLength = 0;
        _read = 0;
        _reason = null;
        Failed = false;
        if (_keeps) ForgetKept();
        Chance.Begin();
    }

    internal void Fail(PayloadError error)
    {
        _payloadError = error;
        Failed = true;
        _mayRecover = false;
    }

    internal void Fail(string reason)
    {
        _reason = reason;
        Failed = true;
        _mayRecover = false;
    }

    /// <summary>Something outside of the message did not answer as it should; <c>get_or_default()</c> can go on from there.</summary>
    internal void FailOutside(string reason)
    {
        if (Failed) return;
        Fail(reason);
        _mayRecover = true;
    }

    /// <summary>Forgets a failure outside of the message.</summary>
    internal bool TryRecover()
    {
        if (!_mayRecover) return false;
        _reason = null;
        Failed = false;
        _mayRecover = false;
        return true;
    }

    /// <summary>An empty buffer that is nobody else's until the next message.</summary>
    internal TextBuffer TakeText()
    {
        if (_textsUsed == _texts.Count) _texts.Add(new TextBuffer(this));
        return _texts[_textsUsed++];
    }

    internal (int Texts, int Length) Mark() => (_textsUsed, _textLength);

    /// <summary>Gives back the buffers taken since the mark: nothing may point into them any more.</summary>
    internal void Release((int Texts, int Length) mark)
    {
        while (_textsUsed > mark.Texts) _texts[--_textsUsed].Clear();
        _read += Math.Max(0, _textLength - mark.Length);
        _textLength = mark.Length;
    }

    /// <summary>Whether so many bytes may still be made; if not, the evaluation has failed.</summary>
    internal bool HasRoom(int bytes)
    {
        if ((long)_textLength + bytes <= MaxText) return true;
        Fail($"the statement makes more than {MaxText / 1024 / 1024} MiB of text of this message");
        return false;
    }

    internal void Count(int bytes) => _textLength += bytes;

    /// <summary>The reader of one statement on this thread: it remembers the shape of that statement's messages.</summary>
    internal FieldReader ReaderFor(FieldSet fields)
    {
        if (ReferenceEquals(_lastOwner, fields)) return _lastReader!;
        if (!_readers.TryGetValue(fields, out var reader))
        {
            if (_readers.Count == MaxReaders) _readers.Clear();
            reader = fields.NewReader();
            _readers.Add(fields, reader);
        }

        _lastOwner = fields;
        _lastReader = reader;
        return reader;
    }

    /// <summary>Whether so many bytes of text or JSON may still be gone through; if not, the evaluation has failed.</summary>
    internal bool MayRead(int bytes)
    {
        // Of an empty element there is work too.
        _read += bytes + 64;
        if (_read <= MaxRead) return !Failed;
        Fail($"the statement goes through more than {MaxRead / 1024 / 1024} MiB of JSON for this message: its nested SELECTs multiply the work");
        return false;
    }

    /// <summary>The value of a variable, where it was computed for this message.</summary>
    internal KeptValue Variable(int number)
    {
        _keeps = true;
        while (_variables.Count <= number) _variables.Add(new KeptValue(this));
        return _variables[number];
    }

    /// <summary>Where the nested SELECT of that number is.</summary>
    internal ElementScope Scope(int number)
    {
        _keeps = true;
        while (_scopes.Count <= number) _scopes.Add(new ElementScope(this));
        return _scopes[number];
    }

    private void ForgetKept()
    {
        foreach (var variable in _variables) variable.Clear();
        foreach (var scope in _scopes) scope.Clear();
        _keeps = false;
    }
}
