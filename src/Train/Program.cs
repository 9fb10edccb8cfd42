return LdNetGpu.Train.Cli.LdnetProgram.Run(args);
