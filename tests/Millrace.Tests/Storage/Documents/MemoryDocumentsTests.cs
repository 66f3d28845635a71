using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

public sealed class MemoryDocumentsTests
{
    private readonly MemoryDocuments _documents = new();
    private readonly WrittenLog _log = new();

    [Fact]
    public void What_is_written_is_seen_at_once_and_safe_at_once()
    {
        Assert.Equal(1, _documents.Write([new("sessions", "b", [2]), new("sessions", "a", [1])], _log.Listener("A")));
        Assert.Equal(["A 1"], _log.Calls);
        Assert.Equal([1], _documents.Find("sessions", "a"));
        Assert.Equal(["a", "b"], _documents.List("sessions").Select(static document => document.Key));
        Assert.Null(_documents.Find("sessions", "c"));
        Assert.Empty(_documents.List("retained"));
        Assert.Equal([1], _documents.Copy().Find("sessions", "a"));
    }

    [Fact]
    public void A_test_may_hold_it_back_and_a_restart_then_finds_what_was_safe()
    {
        _documents.CommitsAtOnce = false;
        var (a, b) = (_log.Listener("A"), _log.Listener("B"));
        _documents.Write([new("sessions", "a", [1])], a);
        _documents.Commit();
        _documents.Write([new("sessions", "a", null)], a);
        _documents.Write([new("sessions", "b", [1])], b);
        _documents.Write([], a);
        Assert.Null(_documents.Find("sessions", "a"));
        Assert.Equal([1], _documents.Copy().Find("sessions", "a"));
        Assert.Null(_documents.Copy().Find("sessions", "b"));
        Assert.Equal(["A 1"], _log.Calls);

        _documents.Commit();
        Assert.Equal(["A 1", "B 3", "A 4"], _log.Calls);
        Assert.Null(_documents.Copy().Find("sessions", "a"));
    }

    [Fact]
    public void What_is_refused_changes_nothing()
    {
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => _documents.Write([new("sessions", "a", [1]), new("sessions", "", [1])], null)).Fault);
        _documents.RefusesWrites = true;
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => _documents.Write([new("sessions", "a", [1])], null)).Fault);
        Assert.Equal(0, _documents.Last);
        Assert.Empty(_documents.List("sessions"));
    }
}
