using System.CommandLine;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli;

/// <summary>Options that every command takes.</summary>
static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write the result as JSON, for machines.",
        Recursive = true,
    };

    public static readonly Option<long> Seed =
        NumberOption.Of("--seed", "Seed of every random draw; one seed gives the same bits on the same device.", 1L, 0L,
            long.MaxValue);

    public static readonly Option<int> Threads =
        NumberOption.Of("--threads", "Threads to compute on; 0 takes every core.", 0, 0, 4096);

    public static readonly Option<string> Device = new("--device")
    {
        Description = "Where to compute: cpu; managed (checks kernels, slow); opencl or cuda, with :N for the Nth of "
            + "'ldnet devices'; ilgpu-cpu (breakpoints in kernels, very slow); auto takes cuda where it is, else cpu.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cpu",
        Recursive = true,
    };

    public static readonly Option<string> Compiler = new("--compiler")
    {
        Description = "Who compiles the kernels of cuda and opencl: text (the generated CUDA C++ by NVRTC, OpenCL C "
            + "by the driver); ilgpu (needs no NVRTC, has no tensor cores); auto takes text where its compiler is.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "auto",
        Recursive = true,
    };

    public static readonly Option<string> Math = new("--math")
    {
        Description = "How exact matrix products are: float32; or on tensor cores (cuda from compute capability 8.0, "
            + "and managed) tf32, operands of 10 bits behind the point, or tf32x3, nearly float32.",
        HelpName = "MODE",
        DefaultValueFactory = _ => "float32",
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

    public static readonly Option<int> MaxLine = NumberOption.Of("--max-line",
        "Longest line of a text file, in bytes; a line is held in memory.", new FileReading().MostLineBytes, 1,
        Array.MaxLength / 2);

    public static readonly Option<int> MaxWord = NumberOption.Of("--max-word",
        "Longest word of a text file, in bytes.", new FileReading().MostWordBytes, 1, Array.MaxLength / 2);

    public static readonly Option<int> MaxInflation = NumberOption.Of("--max-inflation",
        "How many times its size a gzip file may grow to when it is read; the format itself goes to 1032.",
        new FileReading().MostInflation, 1, 2000);

    public static IEnumerable<Option> All =>
        [Json, Seed, Threads, Device, Compiler, Math, Config, Set, MaxLine, MaxWord, MaxInflation];

    static GlobalOptions()
    {
        foreach (var option in new Option[] { Seed, Threads, MaxLine, MaxWord, MaxInflation }) option.Recursive = true;
        Compiler.AcceptOnlyFromAmong("auto", "text", "ilgpu");
        Math.AcceptOnlyFromAmong("float32", "tf32", "tf32x3");
        Set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=') < 1))
                result.AddError($"--set {token.Value}: expected key=value. 'ldnet config list' shows the keys.");
        });
        Device.Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>() ?? "";
            if (DeviceChoice.Parse(name) is null)
                result.AddError($"--device {name}: expected {DeviceChoice.Names}. 'ldnet devices' lists what is here.");
        });
    }
}
