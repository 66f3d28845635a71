namespace Millrace.Tests.Flows.Windows;

/// <summary>Ends the process at one of the steps that leave something behind.</summary>
internal sealed class CrashPoint
{
    private int _stepsLeft = int.MaxValue;

    public void After(int steps) => _stepsLeft = steps;

    public void Never() => _stepsLeft = int.MaxValue;

    public void Pass()
    {
        if (_stepsLeft-- <= 0) throw new CrashException();
    }
}
