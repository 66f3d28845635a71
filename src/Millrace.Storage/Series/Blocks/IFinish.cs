using System.Runtime.Intrinsics;

namespace Millrace.Storage.Series.Blocks;

/// <summary>What is done last with each number of a piece, while it is at hand: to go over all of them once more takes as long as to add them up.</summary>
internal interface IFinish
{
    long Of(long number);

    Vector512<long> Of(Vector512<long> numbers);
}
