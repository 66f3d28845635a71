namespace Millrace.SystemTests.Interop;

/// <summary>Eclipse Paho's Python client, with MQTT 3.1.1 and 5, and packets made by hand where it hides the wire: paho/cases_*.py.</summary>
public abstract class PahoTests(PahoTests.Run run)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_case_of_paho_holds(string name) => run.AssertAsync(name);

    public static TheoryData<string> Cases() => Run.List();

    public abstract class Run(BrokerUnderTest broker) : CaseRun(broker)
    {
        // Debian's paho is for Debian's Python, which need not be the first of the path.
        private const string Python = "/usr/bin/python3";
        private static readonly string Script = Scratch.Repository("tests/Millrace.SystemTests/Interop/paho/run.py");

        protected override string[] Command =>
            [Python, Script, "--port", $"{Broker.Port}", .. Broker.ClientFiles is { Length: > 0 } files ? ["--tls", .. files] : Array.Empty<string>()];

        public static TheoryData<string> List() => List(Python, Script, "--list");
    }

    public sealed class OverTcp(OverTcp.TcpRun run) : PahoTests(run), IClassFixture<OverTcp.TcpRun>
    {
        public sealed class TcpRun() : Run(new BrokerUnderTest());
    }

    public sealed class OverMutualTls(OverMutualTls.TlsRun run) : PahoTests(run), IClassFixture<OverMutualTls.TlsRun>
    {
        public sealed class TlsRun() : Run(new MutualTlsBroker());
    }
}
