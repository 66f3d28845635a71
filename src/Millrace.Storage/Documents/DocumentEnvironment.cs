using Microsoft.Extensions.Logging;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>What all parts of the store are given.</summary>
internal sealed record DocumentEnvironment(IDisk Disk, DocumentOptions Options, TimeProvider Clock, ILogger Logger);
