using Millrace.Gateway.Epoll;

namespace Millrace.Tests.Gateway.Epoll;

public sealed class MemberTableTests
{
    [Fact]
    public void A_key_of_one_that_is_gone_finds_nobody_though_its_place_is_taken()
    {
        var table = new MemberTable();
        var first = new Nobody();
        var old = table.Add(first);
        Assert.Same(first, table.Find(old));
        table.Remove(old);
        var second = new Nobody();
        var key = table.Add(second);
        Assert.NotEqual(old, key);
        Assert.Null(table.Find(old));
        Assert.Same(second, table.Find(key));
    }

    [Fact]
    public void Places_are_used_again_and_all_who_are_there_are_found()
    {
        var table = new MemberTable();
        var random = new Random(7);
        var here = new Dictionary<ulong, Nobody>();
        var gone = new List<ulong>();
        for (var i = 0; i < 20_000; i++)
        {
            if (here.Count > 500 || (here.Count > 0 && random.Next(2) == 0))
            {
                var key = here.Keys.ElementAt(random.Next(here.Count));
                here.Remove(key);
                table.Remove(key);
                gone.Add(key);
            }
            else
            {
                var member = new Nobody();
                here.Add(table.Add(member), member);
            }
        }

        Assert.Equal(here.Count, table.Count);
        Assert.Equal(here.Count, table.All().Count);
        Assert.All(here, pair => Assert.Same(pair.Value, table.Find(pair.Key)));
        Assert.All(gone, key => Assert.Null(table.Find(key)));
        Assert.All(here.Keys.Concat(gone), static key => Assert.InRange((uint)key, 0u, 501u));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0)]
    [InlineData(1UL << 32)]
    public void A_key_that_nobody_was_given_finds_nobody(ulong key) => Assert.Null(new MemberTable().Find(key));

    private sealed class Nobody() : LoopMember(null!)
    {
        public override void Run(Errands errands)
        {
        }

        public override void Ready(uint events)
        {
        }

        public override void Expire()
        {
        }

        public override void Fail(Exception failure)
        {
        }

        public override void Stop()
        {
        }
    }
}
