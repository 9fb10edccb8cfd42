return LdNetGpu.Cli.LdnetProgram.Run(args);
