using Millrace.Server;
using Millrace.Server.Cli;

return await CommandLine.RunAsync(args, ServerProgram.RunAsync);
