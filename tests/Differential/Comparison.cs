namespace LdNetGpu.Tests;

/// <summary>A case whose result on a device is not C#'s.</summary>
/// <param name="Kernel">The bodies of one kernel, the case among them.</param>
/// <param name="Inputs">Seed of what its lanes read.</param>
sealed record Finding(Case Case, IReadOnlyList<Case> Kernel, Subject Subject, int Inputs, string Problem);

/// <summary>Runs cases everywhere and says where they differ.</summary>
sealed class Comparison(IReadOnlyList<Subject> subjects)
{
    /// <summary>Bodies of one kernel, which is compiled as a whole.</summary>
    const int PerKernel = 5;

    /// <summary>The first finding of each case on each device.</summary>
    public List<Finding> Run(IReadOnlyList<Case> cases) => Run(cases, cases[0].Seed, PerKernel, subjects);

    /// <summary>The first finding with another kernel in the place of its own; null for none.</summary>
    /// <exception cref="CaseException">It is no kernel: C#, or the generator, refuses it.</exception>
    public static Finding? Again(Finding finding, IReadOnlyList<Case> kernel) =>
        Run(kernel, finding.Inputs, kernel.Count, [finding.Subject]).FirstOrDefault();

    static List<Finding> Run(IReadOnlyList<Case> cases, int seed, int perKernel, IReadOnlyList<Subject> subjects)
    {
        var assembly = CaseAssembly.Compile(CaseText.Of(cases, perKernel));
        var inputs = new LaneInputs(seed);
        var findings = new List<Finding>();
        foreach (var (kernel, bodies) in assembly.Kernels.Zip(cases.Select((one, index) => (Case: one, Index: index))
            .Chunk(perKernel)))
        {
            var results = bodies.Sum(body => body.Case.Results.Count);
            var expected = new CaseResults(results);
            var first = 0;
            foreach (var (one, index) in bodies)
            {
                assembly.RunPlain(index, first, inputs, expected);
                first += one.Results.Count;
            }
            foreach (var subject in subjects) findings.AddRange(Differences(subject));

            IEnumerable<Finding> Differences(Subject subject)
            {
                var found = new CaseResults(results);
                var together = bodies.Select(body => body.Case).ToList();
                try
                {
                    subject.Run(kernel, inputs, found);
                }
                catch (CaseException error) when (bodies.Length == 1)
                {
                    return [new(bodies[0].Case, together, subject, seed, error.Message)];
                }
                catch (CaseException)
                {
                    // One of them is the culprit.
                    return bodies.SelectMany(body => Run([body.Case], seed, 1, [subject]));
                }
                var next = 0;
                return bodies.Select(body =>
                {
                    var differences = found.Differences(expected, body.Case, next).ToList();
                    next += body.Case.Results.Count;
                    return differences.Count == 0
                        ? null
                        : new Finding(body.Case, together, subject, seed,
                            string.Join(Environment.NewLine, differences));
                }).OfType<Finding>().ToList();
            }
        }
        return findings;
    }
}
