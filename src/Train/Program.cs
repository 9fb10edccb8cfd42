return LdNetGpu.Train.Cli.EntryPoint.Run(args);
