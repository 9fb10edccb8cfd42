namespace LdNetGpu.Mutation;

/// <summary>What the command line asks for.</summary>
sealed record Options
{
    public const string Usage = """
        dotnet run --project tests/Mutation -c Release -- [options]
          --sample N        N faults, drawn by the seed, in place of all
          --seed S          of the sample; 1
          --part NAME       kernels, backward or cpu; may be given again; kernels and backward without
          --only TEXT       faults whose file, member or kind contains it
          --longest SECONDS tests that take longer without a fault are not asked; no bound without
          --again FILE      what was not caught in an earlier run, of whose --json this is
          --list            says which faults there are, and tries none
          --minimum SHARE   exit code 1 when fewer are caught, such as 0.95
          --json FILE, --markdown FILE, --log FILE
        """;

    public int? Sample { get; private init; }

    public ulong Seed { get; private init; } = 1;

    public IReadOnlyList<Part> Parts => Asked.Length == 0 ? [Part.Kernels, Part.Backward] : Asked;

    Part[] Asked { get; init; } = [];

    public string? Only { get; private init; }

    public double Longest { get; private init; } = double.PositiveInfinity;

    public string? Again { get; private init; }

    public bool ListOnly { get; private init; }

    public double Minimum { get; private init; }

    public string? JsonFile { get; private init; }

    public string? MarkdownFile { get; private init; }

    public string? Log { get; private init; }

    /// <returns>Null where they are not understood.</returns>
    public static Options? Read(string[] arguments, out string problem)
    {
        var options = new Options();
        problem = "";
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--list")
            {
                options = options with { ListOnly = true };
                continue;
            }
            var value = i + 1 < arguments.Length ? arguments[++i] : "";
            var read = name switch
            {
                "--sample" when int.TryParse(value, out var sample) && sample > 0 => options with { Sample = sample },
                "--seed" when ulong.TryParse(value, out var seed) => options with { Seed = seed },
                "--part" when Enum.TryParse<Part>(value, ignoreCase: true, out var part)
                    && Enum.IsDefined(part) && !options.Asked.Contains(part) => options.And(part),
                "--only" when value.Length > 0 => options with { Only = value },
                "--minimum" when double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture,
                    out var share) && share is >= 0 and <= 1 => options with { Minimum = share },
                "--longest" when double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture,
                    out var seconds) && seconds > 0 => options with { Longest = seconds },
                "--again" when File.Exists(value) => options with { Again = value },
                "--json" when value.Length > 0 => options with { JsonFile = value },
                "--markdown" when value.Length > 0 => options with { MarkdownFile = value },
                "--log" when value.Length > 0 => options with { Log = value },
                _ => null,
            };
            if (read is null)
            {
                problem = $"{name} {value}: not understood.\n\n{Usage}";
                return null;
            }
            options = read;
        }
        return options;
    }

    /// <summary>The faults asked for, in the order of their files.</summary>
    public IReadOnlyList<Mutant> Choose(IReadOnlyList<Mutant> all)
    {
        var asked = all.Where(mutant => Only is null || $"{mutant.File} {mutant.Member} {mutant.Kind}".Contains(Only,
            StringComparison.OrdinalIgnoreCase)).ToArray();
        if (Again is not null) asked = [.. asked.Where(Report.Survivors(File.ReadAllText(Again)).Contains)];
        if (Sample is not { } wanted || wanted >= asked.Length) return asked;
        // Drawn by a hash of seed and number: the same ones for the same sources.
        return [.. asked.OrderBy(mutant => Mixed(Seed * 0x9E3779B97F4A7C15 + (ulong)mutant.Id)).Take(wanted)
            .OrderBy(mutant => mutant.Id)];
    }

    public string Words(int tried, int all, int tests) =>
        (Sample is null ? $"{tried} faults" : $"{tried} faults drawn by seed {Seed}")
        + (Again is null ? "" : " that an earlier run did not catch,")
        + $" of {string.Join(" and ", Parts).ToLowerInvariant()}" + (Only is null ? "" : $" with \"{Only}\"")
        + $", {all} in all; {tests} tests"
        + (double.IsFinite(Longest) ? Invariant($", none of more than {Longest} s.") : ".");

    Options And(Part part) => this with { Asked = [.. Asked, part] };

    // SplitMix64's finalizer.
    static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
