namespace Millrace.Sql.Rules;

/// <summary>What the filters that begin alike have next. Node 0 is the beginning of all.</summary>
internal struct TopicTreeNode
{
    /// <summary>How many names some of them have next; <see cref="TopicTreeNames"/> knows to which nodes those lead.</summary>
    public int Names;

    /// <summary>The name, where there is one only.</summary>
    public TopicTreeRange OnlyName;

    /// <summary>The node behind <see cref="OnlyName"/>.</summary>
    public int OnlyChild;

    /// <summary>The node behind a <c>+</c>; 0 where there is none.</summary>
    public int Plus;

    /// <summary>Values of filters that end here.</summary>
    public TopicTreeRange Here;

    /// <summary>Values of filters that end in a <c>#</c> next: it stands for one level or more, as with AWS.</summary>
    public TopicTreeRange Below;
}

/// <summary>Neighbours in the array of all values, or of all bytes of names.</summary>
internal readonly record struct TopicTreeRange(int Start, int Count);
