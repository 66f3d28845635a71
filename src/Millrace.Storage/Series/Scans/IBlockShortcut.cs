using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series.Scans;

/// <summary>Is asked about each block before anything of it is read. For the thread of one <see cref="ScanReader"/>.</summary>
internal interface IBlockShortcut
{
    /// <param name="file">Any file.</param>
    /// <param name="block">Of this file; some of its rows may be wanted.</param>
    /// <param name="isWhole">All of its rows are wanted, and they are of one series.</param>
    /// <returns>Whether its rows are not needed.</returns>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    bool Passes(BlockFile file, int block, bool isWhole);
}
