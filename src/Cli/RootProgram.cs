using System.CommandLine;
using System.CommandLine.Help;
using LdNetGpu.Cli.Commands;

namespace LdNetGpu.Cli;

/// <summary>The tree of commands.</summary>
static class RootProgram
{
    static readonly Lazy<RootCommand> Tree = new(Build);

    /// <summary>
    /// One for all runs of a process: options that commands share keep each command that they were ever given to.
    /// </summary>
    public static RootCommand Command => Tree.Value;

    static RootCommand Build()
    {
        var root = new RootCommand(
            """
            LD-Net (Liu et al., EMNLP 2018): language models for sequence labelling, pruned to the few layers a tagger needs.
            Defaults are the paper's; every setting can be changed with --config and --set, and 'ldnet config list' explains each.
            Results go to standard output, progress to standard error.
            Exit codes: 0 done, 1 input at fault, 2 bad usage, 70 a defect of the program, 130 interrupted and saved,
            141 no one reads the output.
            """);
        foreach (var option in GlobalOptions.All) root.Add(option);
        root.Add(new QuickstartCommand());
        root.Add(
            new CommandGroup("lm", "Language models: train, evaluate, draw text.", new LmTrainCommand(),
                new LmEvalCommand(), new LmSampleCommand()));
        root.Add(new CommandGroup("tagger", "Taggers: train.", new TaggerTrainCommand()));
        root.Add(new PruneCommand());
        root.Add(new EvalCommand());
        root.Add(new CalibrateCommand());
        root.Add(new TagCommand());
        root.Add(new ServeCommand());
        root.Add(new ScoreCommand());
        root.Add(new ReportCommand());
        root.Add(new CommandGroup("data", "Look at data before training on it.", new DataCheckCommand(),
            new DataSplitCommand(), new DataTokenizeCommand()));
        root.Add(new CommandGroup("tags", "Tag schemes.", new TagsConvertCommand()));
        root.Add(new CommandGroup("export", "Models for other programs.", new ExportOnnxCommand()));
        root.Add(new CommandGroup("import", "Models of other programs.", new ImportTorchCommand()));
        root.Add(new FlopsCommand());
        root.Add(new CommandGroup("config", "Settings, their defaults and meanings.", new ConfigListCommand(),
            new ConfigShowCommand()));
        root.Add(new GradCheckCommand());
        root.Add(new DevicesCommand());
        root.Add(
            new CommandGroup("kernels",
                "The kernels that GPUs run: what there is, their texts, what compilers make of them, what they do to "
                + "memory, whether fusing pays, which constants are fastest, and compiling them ahead.",
                new KernelsListCommand(), new KernelsShowCommand(), new KernelsCompareCommand(),
                new KernelsProfileCommand(), new KernelsStudyCommand(),
                new KernelsTuneCommand(), new KernelsCompileCommand()));
        root.Add(new CommandGroup("bench", "How fast a device is.", new BenchKernelsCommand(),
            new BenchCompareCommand(), new BenchRatiosCommand(), new BenchCollectCommand()));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
