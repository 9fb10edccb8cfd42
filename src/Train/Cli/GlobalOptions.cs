using System.CommandLine;

namespace LdNetGpu.Train.Cli;

/// <summary>Options that every command takes.</summary>
static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write the result as JSON, for machines.",
        Recursive = true,
    };

    public static readonly Option<long> Seed = new("--seed")
    {
        Description = "Seed of every random draw; one seed gives the same bits on the same device.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        Recursive = true,
    };

    public static readonly Option<int> Threads = new("--threads")
    {
        Description = "Threads to compute on; 0 takes every core.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        Recursive = true,
    };

    public static readonly Option<string> Device = new("--device")
    {
        Description = "Where to compute: cpu, or auto for the fastest this build has.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "auto",
        Recursive = true,
    };

    public static readonly Option<string?> Config = new("--config")
    {
        Description = "JSON file of settings over the paper's defaults; 'ldnet config list' shows the keys.",
        HelpName = "FILE.json",
        Recursive = true,
    };

    public static readonly Option<string[]> Set = new("--set")
    {
        Description = "One setting, over --config; may be repeated.",
        HelpName = "key=value",
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Json, Seed, Threads, Device, Config, Set];

    static GlobalOptions()
    {
        Seed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 0) result.AddError("--seed must be 0 or more.");
        });
        Threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 4096) result.AddError("--threads must be 0 (every core) to 4096.");
        });
        Device.Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name is not ("cpu" or "auto")) result.AddError($"--device {name}: this build has cpu alone; give cpu or auto. 'ldnet devices' lists them.");
        });
    }
}
