using Millrace.Server.Cli;

return await CommandLine.RunAsync(args, static (_, _) => throw new CliException(Exit.Failure, "This build has no server in it."));
