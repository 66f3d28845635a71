namespace Millrace.Gateway.Epoll;

/// <summary>What a system call failed with, as far as it is told apart here. The same on x86-64 and arm64.</summary>
internal static class ErrorNumber
{
    public const int Interrupted = 4; // EINTR
    public const int Again = 11; // EAGAIN
    public const int OutOfMemory = 12; // ENOMEM
    public const int TooManyInSystem = 23; // ENFILE
    public const int TooManyInProcess = 24; // EMFILE
    public const int OutOfBuffers = 105; // ENOBUFS
}
