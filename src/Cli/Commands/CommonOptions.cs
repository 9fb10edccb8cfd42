using System.CommandLine;

namespace LdNetGpu.Cli.Commands;

/// <summary>Options that mean the same in several commands.</summary>
static class CommonOptions
{
    static CommonOptions() => LmStorage.AcceptOnlyFromAmong("f32", "bf16");

    public static readonly Option<string> TrainFile = new("--train")
    {
        Description = "Labelled training text, CoNLL columns, any tag scheme.", HelpName = "FILE", Required = true,
    };

    public static readonly Option<string> DevFile = new("--dev")
    {
        Description = "Labelled text for early stopping.", HelpName = "FILE", Required = true,
    };

    public static readonly Option<string?> TestFile = new("--test")
    {
        Description = "Labelled text to score at the end.", HelpName = "FILE",
    };

    public static readonly Option<bool> Lenient = new("--lenient")
    {
        Description = "Read tags that break their scheme as conlleval does, instead of refusing them.",
    };

    public static readonly Option<string?> LmStorage = new("--lm-storage")
    {
        Description = "What the language models' weights are kept in: f32, or bf16 in half the memory, on the CPU; as "
            + "the tagger was trained when left out.",
        HelpName = "S",
    };

    public static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with what --out holds, to the same bits as without the interruption.",
    };

    public static readonly Option<double> RankTimeout = NumberOption.Of("--rank-timeout",
        "Under mpirun: seconds that a rank may not be heard of before the others end.", 20.0, 3, 3600);

    public static readonly Option<double> Bucket = NumberOption.Of("--bucket",
        "Under mpirun: MiB of gradients that are exchanged at once, while the backward pass goes on.", 4.0, 0.001,
        1024);

    public static readonly Option<bool> ShardOptimizer = new("--shard-optimizer")
    {
        Description = "Under mpirun: each rank keeps its part of the optimizer's state, instead of each all of it. The "
            + "same training, with half as much again to exchange. Not with several runs.",
    };
}
