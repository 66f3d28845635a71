namespace Millrace.Sql.Rules;

/// <summary>What the filters that begin alike have next. Node 0 is the beginning of all.</summary>
internal struct TopicTreeNode
{
    /// <summary>Whether some of them have a name next: then <see cref="TopicTreeNames"/> knows which node that leads to.</summary>
    public bool HasNames;

    /// <summary>The node behind a <c>+</c>; 0 where there is none.</summary>
    public int Plus;

    /// <summary>Values of filters that end here.</summary>
    public TopicTreeRange Here;

    /// <summary>Values of filters that end in a <c>#</c> next: it stands for one level or more, as with AWS.</summary>
    public TopicTreeRange Below;
}

/// <summary>Neighbours in the array of all values.</summary>
internal readonly record struct TopicTreeRange(int Start, int Count);
