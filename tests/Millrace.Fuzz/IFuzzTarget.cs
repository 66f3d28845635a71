namespace Millrace.Fuzz;

/// <summary>Something that takes input from outside.</summary>
public interface IFuzzTarget
{
    /// <summary>On the command line.</summary>
    string Name { get; }

    /// <summary>Makes one input and checks what becomes of it. The seed alone decides which. Throws where a promise is broken.</summary>
    /// <param name="seed">Of all chance.</param>
    /// <param name="input">To be told the input before it is handed in, so that a failure can be looked at.</param>
    void Run(int seed, FuzzInput input);
}
