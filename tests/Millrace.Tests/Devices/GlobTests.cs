using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Millrace.Devices.Policies;

namespace Millrace.Tests.Devices;

public sealed class GlobTests
{
    [Theory]
    [InlineData("a/*", "a/b/c", true)]
    [InlineData("a/*", "a/", true)]
    [InlineData("a/*", "a", false)]
    [InlineData("a/?", "a/ä", true)]
    [InlineData("a/?", "a/😀", true)]
    [InlineData("a/?", "a/", false)]
    [InlineData("?*?", "ä", false)]
    [InlineData("*?z", "äz", true)]
    [InlineData("**a**", "bab", true)]
    [InlineData("a/+/b", "a/+/b", true)]
    [InlineData("a/+/b", "a/x/b", false)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/#", "a/b", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    public void Patterns_fit_as_in_AWS(string pattern, string text, bool fits) =>
        Assert.Equal(fits, Glob.Matches(PatternOf(pattern), Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Random_patterns_fit_as_the_obvious_matcher_says()
    {
        var random = new Random(20_250_602);
        for (var i = 0; i < 50_000; i++)
        {
            var (pattern, text) = (Some(random, "ab/ä*?*"), Some(random, "ab/ä"));
            Assert.True(Obvious(pattern, text) == Glob.Matches(PatternOf(pattern), Encoding.UTF8.GetBytes(text)), $"'{pattern}' on '{text}'");
        }
    }

    [Fact]
    public void What_remains_after_a_prefix_fits_what_the_whole_fits()
    {
        var random = new Random(20_250_603);
        for (var i = 0; i < 20_000; i++)
        {
            var (pattern, prefix, text) = (Some(random, "ab/*?*"), Some(random, "ab/"), "a" + Some(random, "ab/"));
            var rests = Glob.After(PatternOf(pattern), Encoding.UTF8.GetBytes(prefix));
            var fits = rests.Any(rest => Glob.Matches(rest, Encoding.UTF8.GetBytes(text)));
            Assert.True(Obvious(pattern, prefix + text) == fits, $"'{pattern}' after '{prefix}' on '{text}'");
        }
    }

    [Fact]
    public void Any_bytes_are_answered() =>
        Prop.ForAll<byte[], byte[]>(static (pattern, text) => Glob.Matches(pattern, text) || true).QuickCheckThrowOnFailure();

    /// <remarks>A matcher that tries every way to divide the text among the stars would not end within the age of the universe.</remarks>
    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("*a?*a?*a?*a?*a?*a?*a?*a?*a?*a?*a?*a?*a?*b")]
    [InlineData("*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*b*")]
    public void Hostile_patterns_on_hostile_topics_end(string pattern)
    {
        var text = Encoding.UTF8.GetBytes(new string('a', ushort.MaxValue));
        Assert.False(Glob.Matches(PatternOf(pattern), text));
        Assert.False(Glob.Matches(PatternOf("*" + new string('a', 500) + "b*"), text));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("**", true)]
    [InlineData("*?", false)]
    [InlineData("", false)]
    public void What_fits_anything_is_known(string pattern, bool anything) => Assert.Equal(anything, Glob.IsAnything(PatternOf(pattern)));

    private static byte[] PatternOf(string text) => PolicyText.Parse(text, wildcards: true, out _)!.Resolve(null, out _)!;

    private static string Some(Random random, string alphabet) =>
        new([.. Enumerable.Range(0, random.Next(8)).Select(_ => alphabet[random.Next(alphabet.Length)])]);

    private static bool Obvious(string pattern, string text) =>
        pattern.Length == 0 ? text.Length == 0
        : pattern[0] == '*' ? Obvious(pattern[1..], text) || (text.Length > 0 && Obvious(pattern, text[1..]))
        : text.Length > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && Obvious(pattern[1..], text[1..]);
}
