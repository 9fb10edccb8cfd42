using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>
/// Mean loss of a CRF of 19 tags over [8, batch, 19] emissions, and its gradients by emissions and transitions.
/// </summary>
sealed record CrfLoss(int Batch, bool ByWarps) : IImplementation
{
    const int Steps = 8, Tags = 19, Start = Tags - 2, End = Tags - 1;

    public string Name => ByWarps ? "a warp a sentence" : "portable";

    public KernelChoice Kernels => new(PortableOnly: !ByWarps);

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (emissions, transitions) =
            (inputs.Numbers("emissions", Steps, Batch, Tags), inputs.Numbers("transitions", Tags, Tags));
        emissions.RequiresGradient = transitions.RequiresGradient = true;
        var sequences = new CrfSequences(Steps, Batch,
            inputs.Integers("lengths", [.. Enumerable.Repeat(Steps, Batch)]), Start, End);
        var gold = inputs.Integers("gold", [.. Enumerable.Range(0, Steps * Batch).Select(i => i * 7 % Start)]);
        return () => Gradients.Of(() => emissions.CrfLoss(transitions, sequences, gold).Mean(), emissions, transitions);
    }
}
