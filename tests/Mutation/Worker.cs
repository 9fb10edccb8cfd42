using System.Diagnostics;
using System.Text.Json;

namespace LdNetGpu.Mutation;

/// <summary>What a run without faults found out.</summary>
/// <param name="Tests">In order of their time.</param>
/// <param name="Failing">Tests that fail without a fault too, and are not asked.</param>
sealed record Baseline(IReadOnlyList<TestRun> Tests, IReadOnlyList<string> Failing);

/// <summary>A test, what it takes, and the places that it runs.</summary>
sealed record TestRun(string Name, double Seconds, int[] Places);

/// <summary>What to try: a fault, and the tests that run its place.</summary>
sealed record Order(int Mutant, string[] Tests);

/// <summary>What came of it.</summary>
/// <param name="Failed">The test that failed; null where all passed.</param>
/// <param name="Message">What it said.</param>
/// <param name="Stained">Whether it fails still, the fault being off: the process is of no use any more.</param>
sealed record Answer(int Mutant, string? Failed, string? Message, bool Stained);

/// <summary>
/// The process that runs tests over the faults. Lines of JSON come in and go out; it ends where the lines do, or is
/// ended from without.
/// </summary>
sealed class Worker
{
    readonly Dictionary<string, TestCase> tests = [];
    readonly Type faults;
    readonly TextWriter answers;

    /// <param name="root">The repository's.</param>
    /// <param name="mutated">Where the assemblies with the faults lie.</param>
    /// <param name="withCpu">Whether the tests of the processor's own code are asked too.</param>
    public Worker(string root, string mutated, bool withCpu)
    {
        // Tests may print: what they say is no answer.
        answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        var assemblies = new TestAssemblies(root, mutated);
        faults = assemblies.LoadMutated("LdNetGpu.Kernels").GetType("LdNetGpu.Mutation.PlantedFaults")!;
        foreach (var (type, folder) in assemblies.Classes(withCpu))
            foreach (var test in TestCase.Of(type, folder)) tests.Add(test.Name, test);
    }

    int Active
    {
        set => faults.GetField("Active")!.SetValue(null, value);
    }

    /// <summary>Runs every test, and notes its time and the places that it runs.</summary>
    public void Measure(int mutants, string file)
    {
        var runs = new List<TestRun>();
        var failing = new List<string>();
        var seen = new bool[mutants + 1];
        foreach (var (name, test) in tests)
        {
            Array.Clear(seen);
            answers.WriteLine($"running {name}");
            answers.Flush();
            faults.GetField("Seen")!.SetValue(null, seen);
            var watch = Stopwatch.StartNew();
            var error = test.Run();
            faults.GetField("Seen")!.SetValue(null, null);
            if (error is not null) failing.Add($"{name}: {error}");
            else
                runs.Add(new(name, watch.Elapsed.TotalSeconds,
                    [.. Enumerable.Range(0, seen.Length).Where(place => seen[place])]));
        }
        File.WriteAllText(file, JsonSerializer.Serialize(new Baseline([.. runs.OrderBy(run => run.Seconds)], failing)));
        answers.WriteLine("measured");
        answers.Flush();
    }

    public void Serve(TextReader orders)
    {
        answers.WriteLine("ready");
        answers.Flush();
        while (orders.ReadLine() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line)!;
            foreach (var name in order.Tests)
            {
                // So that the other side knows which test was running when it has to end this process.
                answers.WriteLine($"running {name}");
                answers.Flush();
                Active = order.Mutant;
                var message = tests[name].Run();
                Active = 0;
                if (message is null) continue;
                Answer(new(order.Mutant, name, message, Stained: tests[name].Run() is not null));
                goto next;
            }
            Answer(new(order.Mutant, null, null, false));
            next:;
        }
    }

    void Answer(Answer answer)
    {
        answers.WriteLine(JsonSerializer.Serialize(answer));
        answers.Flush();
    }
}
