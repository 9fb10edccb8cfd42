using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>The kernels of the CRF's sweeps, a warp or a group a sentence, with their working memory.</summary>
static class CrfVariants<T, TScore>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TScore : unmanaged, IFloatingPointIeee754<TScore>
{
    static readonly KernelCondition FewTags =
        new($"there are at most {WarpCrfKernels.Lanes} tags", query => query.Columns <= WarpCrfKernels.Lanes);

    /// <summary>As <see cref="CrfKernels.Forward"/>.</summary>
    public readonly record struct ForwardCall(CrfOperands<T, TScore> Crf, ArrayView<TScore> GoldScores,
        Matrix<T> Result, Matrix<TScore> Alpha);

    /// <summary>As <see cref="CrfKernels.Backward"/>.</summary>
    public readonly record struct BackwardCall(CrfOperands<T, TScore> Crf, ArrayView<int> Gold, Matrix<T> Weights,
        Matrix<T> Output, Matrix<TScore> Expected, Matrix<TScore> Alpha, bool Accumulate);

    /// <summary>As <see cref="ViterbiKernels.Decode"/>.</summary>
    public readonly record struct ViterbiCall(CrfOperands<T, TScore> Crf, ArrayView<int> Path,
        ArrayView<TScore> Scores);

    public static KernelOperation<ForwardCall> Forward { get; } = new("crf forward",
        new(WarpCrfKernels.ForwardInstance<T, TScore>(),
            static (device, call) => WarpCrfKernels.LaunchForward(device, WarpASentence(call.Crf), call.Crf.Tags,
                call.Crf, call.GoldScores, call.Result, call.Alpha), FewTags),
        new(CrfKernels.ForwardInstance<T, TScore>(),
            static (device, call) => CrfKernels.LaunchForward(device, GroupASentence(call.Crf),
                call.Crf, call.GoldScores, call.Result, call.Alpha)));

    public static KernelOperation<BackwardCall> Backward { get; } = new("crf backward",
        new(WarpCrfKernels.BackwardInstance<T, TScore>(),
            static (device, call) => WarpCrfKernels.LaunchBackward(device, WarpASentence(call.Crf), call.Crf.Tags,
                call.Crf, call.Gold, call.Weights, call.Output, call.Expected, call.Alpha, call.Accumulate), FewTags),
        new(CrfKernels.BackwardInstance<T, TScore>(), static (device, call) =>
        {
            using var work = device.Allocate<TScore>(3L * call.Crf.Batch * call.Crf.Tags);
            CrfKernels.LaunchBackward(device, GroupASentence(call.Crf), call.Crf, call.Gold, call.Weights, call.Output,
                call.Expected, call.Alpha, ByTag(call.Crf, work), call.Accumulate);
        }));

    public static KernelOperation<ViterbiCall> Viterbi { get; } = new("viterbi",
        new(WarpViterbiKernels.DecodeInstance<T, TScore>(), static (device, call) =>
        {
            using var before = device.Allocate<int>((long)call.Crf.Steps * call.Crf.Batch * call.Crf.Tags);
            WarpViterbiKernels.LaunchDecode(device, WarpASentence(call.Crf), call.Crf.Tags, call.Crf, call.Path,
                call.Scores, ByTag(call.Crf, before));
        }, FewTags),
        new(ViterbiKernels.DecodeInstance<T, TScore>(), static (device, call) =>
        {
            using var best = device.Allocate<TScore>((long)call.Crf.Steps * call.Crf.Batch * call.Crf.Tags);
            ViterbiKernels.LaunchDecode(device, GroupASentence(call.Crf), call.Crf, call.Path, call.Scores,
                ByTag(call.Crf, best));
        }));

    /// <summary>Rows of an element for each tag; an empty buffer is the absent operand that it stands for.</summary>
    public static Matrix<TElement> ByTag<TElement>(CrfOperands<T, TScore> crf, DeviceBuffer<TElement>? buffer)
        where TElement : unmanaged =>
        new(buffer is null || buffer.Length == 0 ? default : buffer.View, crf.Tags);

    static LaunchConfig WarpASentence(CrfOperands<T, TScore> crf) => (crf.Batch, WarpCrfKernels.Lanes);

    static LaunchConfig GroupASentence(CrfOperands<T, TScore> crf) =>
        (crf.Batch, Math.Clamp((crf.Tags + 31) / 32 * 32, 32, 256));
}
