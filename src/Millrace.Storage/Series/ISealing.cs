namespace Millrace.Storage.Series;

/// <summary>What deciding about moves needs of the store. Under the store's lock.</summary>
internal interface ISealing
{
    /// <summary>No flow is between writing a batch and saying what it reached.</summary>
    bool AllSettled { get; }
}
