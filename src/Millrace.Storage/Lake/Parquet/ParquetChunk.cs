namespace Millrace.Storage.Lake.Parquet;

/// <summary>Where the values of a column are that belong to one row group. Sizes are in bytes, with the headers of pages.</summary>
/// <param name="At">Of the first page: the dictionary's where there is one.</param>
/// <param name="Data">Of the page with the values.</param>
/// <param name="HasDictionary">There is one.</param>
/// <param name="Uncompressed">Size.</param>
/// <param name="Compressed">Size.</param>
/// <param name="Nulls">Rows without a value.</param>
/// <param name="Range">The least and the greatest value, for readers that pass over what they do not need.</param>
internal sealed record ParquetChunk(long At, long Data, bool HasDictionary, long Uncompressed, long Compressed, int Nulls, (byte[] Least, byte[] Most)? Range);
