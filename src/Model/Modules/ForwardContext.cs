using LdNetGpu.Devices;

namespace LdNetGpu.Model;

/// <summary>
/// Whether a forward pass trains, and its random draws: the n-th draw of a step has the key (seed, step, n), so a step
/// repeats to the bit.
/// </summary>
public sealed class ForwardContext
{
    readonly ulong seed;
    readonly uint step;
    readonly RowShare share;
    uint site;

    ForwardContext(bool training, ulong seed, uint step, RowShare share = default) =>
        (IsTraining, this.seed, this.step, this.share) = (training, seed, step, share);

    /// <summary>No dropout, no draws.</summary>
    public static ForwardContext Inference { get; } = new(false, 0, 0);

    /// <summary>Step <paramref name="step"/> of a training run; one context a step.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="step">Never the same twice in a run.</param>
    /// <param name="share">Which rows of the batch are here, where several processes have parts of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative or more than 32 bits hold.</exception>
    public static ForwardContext Training(ulong seed, long step, RowShare share = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, uint.MaxValue);
        return new(true, seed, (uint)step, share);
    }

    /// <summary>Whether dropouts drop.</summary>
    public bool IsTraining { get; }

    /// <summary>Key of the next draw.</summary>
    /// <exception cref="InvalidOperationException">The pass does not train.</exception>
    public RandomKey NextKey() => IsTraining
        ? new(seed, step, site++) { Share = share }
        : throw new InvalidOperationException("A random draw in a forward pass that does not train.");
}
