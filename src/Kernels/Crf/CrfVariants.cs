using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>The kernels of the CRF's sweeps, a warp or a group a sentence, with their working memory.</summary>
static class CrfVariants<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static readonly KernelCondition FewTags =
        new($"there are at most {WarpCrfKernels.Lanes} tags", query => query.Columns <= WarpCrfKernels.Lanes);

    /// <summary>As <see cref="CrfKernels.Forward"/>.</summary>
    public readonly record struct ForwardCall(CrfOperands<T> Crf, ArrayView<double> GoldScores, Matrix<T> Result,
        Matrix<double> Alpha);

    /// <summary>As <see cref="CrfKernels.Backward"/>.</summary>
    public readonly record struct BackwardCall(CrfOperands<T> Crf, ArrayView<int> Gold, Matrix<T> Weights,
        Matrix<T> Output, Matrix<double> Expected, Matrix<double> Alpha, bool Accumulate);

    /// <summary>As <see cref="ViterbiKernels.Decode"/>.</summary>
    public readonly record struct ViterbiCall(CrfOperands<T> Crf, ArrayView<int> Path, ArrayView<double> Scores);

    public static KernelOperation<ForwardCall> Forward { get; } = new("crf forward",
        new(WarpCrfKernels.ForwardInstance<T>(),
            static (device, call) => WarpCrfKernels.LaunchForward(device, WarpASentence(call.Crf), call.Crf.Tags,
                call.Crf, call.GoldScores, call.Result, call.Alpha), FewTags),
        new(CrfKernels.ForwardInstance<T>(),
            static (device, call) => CrfKernels.LaunchForward(device, GroupASentence(call.Crf),
                call.Crf, call.GoldScores, call.Result, call.Alpha)));

    public static KernelOperation<BackwardCall> Backward { get; } = new("crf backward",
        new(WarpCrfKernels.BackwardInstance<T>(),
            static (device, call) => WarpCrfKernels.LaunchBackward(device, WarpASentence(call.Crf), call.Crf.Tags,
                call.Crf, call.Gold, call.Weights, call.Output, call.Expected, call.Alpha, call.Accumulate), FewTags),
        new(CrfKernels.BackwardInstance<T>(), static (device, call) =>
        {
            using var work = device.Allocate<double>(3L * call.Crf.Batch * call.Crf.Tags);
            CrfKernels.LaunchBackward(device, GroupASentence(call.Crf), call.Crf, call.Gold, call.Weights, call.Output,
                call.Expected, call.Alpha, ByTag(call.Crf, work), call.Accumulate);
        }));

    public static KernelOperation<ViterbiCall> Viterbi { get; } = new("viterbi",
        new(WarpViterbiKernels.DecodeInstance<T>(), static (device, call) =>
        {
            using var before = device.Allocate<int>((long)call.Crf.Steps * call.Crf.Batch * call.Crf.Tags);
            WarpViterbiKernels.LaunchDecode(device, WarpASentence(call.Crf), call.Crf.Tags, call.Crf, call.Path,
                call.Scores, ByTag(call.Crf, before));
        }, FewTags),
        new(ViterbiKernels.DecodeInstance<T>(), static (device, call) =>
        {
            using var best = device.Allocate<double>((long)call.Crf.Steps * call.Crf.Batch * call.Crf.Tags);
            ViterbiKernels.LaunchDecode(device, GroupASentence(call.Crf), call.Crf, call.Path, call.Scores,
                ByTag(call.Crf, best));
        }));

    /// <summary>Rows of an element for each tag; an empty buffer is the absent operand that it stands for.</summary>
    public static Matrix<TElement> ByTag<TElement>(CrfOperands<T> crf, DeviceBuffer<TElement>? buffer)
        where TElement : unmanaged =>
        new(buffer is null || buffer.Length == 0 ? default : buffer.View, crf.Tags);

    static LaunchConfig WarpASentence(CrfOperands<T> crf) => (crf.Batch, WarpCrfKernels.Lanes);

    static LaunchConfig GroupASentence(CrfOperands<T> crf) =>
        (crf.Batch, Math.Clamp((crf.Tags + 31) / 32 * 32, 32, 256));
}
