using Millrace.Fuzz;
using Millrace.Fuzz.Targets;

// Every target there is. Not listed here: does not exist.
IFuzzTarget[] all =
[
    new CodecTarget(), new ConnectionTarget(), new SessionTarget(), new TopicsTarget(), new PolicyTarget(), new ConfigTarget(), new RespTarget(), new RulesTarget(),
    new BlocksTarget(), new LakeTarget(),
];

if (args is ["--help" or "-h"])
{
    Console.WriteLine($"{FuzzOptions.Help}\n\ntargets: {string.Join(", ", all.Select(t => t.Name))}");
    return 0;
}

if (FuzzOptions.Read(args, all, out var problem) is not { } options)
{
    Console.Error.WriteLine($"{problem}\n\n{FuzzOptions.Help}");
    return 2;
}

var failures = Path.GetFullPath(Path.Combine("artifacts", "fuzz"));
var failed = 0;
foreach (var target in options.Targets)
{
    var runner = new FuzzRunner(target, failures);
    var passed = options.Seed is { } seed ? runner.RunOne(seed) : runner.Run(options.From ?? Random.Shared.Next(), options.Time / options.Targets.Count);
    if (!passed) failed++;
}

Console.WriteLine($"   Millrace.Fuzz  Total: {options.Targets.Count}, Failed: {failed}");
return failed == 0 ? 0 : 1;
