using LdNetGpu.Autograd;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// Numbers that the ranks add up step after step, in memory from which they travel: gradients, packed one behind the
/// other, and a few numbers of the host. Gradients go in and out where their parameters are.
/// </summary>
interface IRankSum : IDisposable
{
    /// <summary>Numbers in all.</summary>
    int Count { get; }

    /// <summary>The host's: written before <see cref="Begin"/>, the sums after <see cref="Wait"/>.</summary>
    Span<float> Words { get; }

    /// <summary>Puts a parameter's gradient in; zeros where it has none.</summary>
    /// <param name="start">Where, in numbers.</param>
    /// <param name="parameter">Whose.</param>
    void Pack(int start, Parameter<float> parameter);

    /// <summary>Sets out. All ranks begin the same sums in the same order.</summary>
    /// <exception cref="RankFailedException">A rank is gone.</exception>
    void Begin();

    /// <summary>What is unpacked from here on are the sums; a device waits for them without the host.</summary>
    /// <exception cref="RankFailedException">A rank is gone, and the host has noticed.</exception>
    void Follow();

    /// <summary>Makes the sum a parameter's gradient.</summary>
    /// <param name="start">Where it is, in numbers.</param>
    /// <param name="parameter">Whose.</param>
    void Unpack(int start, Parameter<float> parameter);

    /// <summary>Waits until the host has the sums of its numbers.</summary>
    /// <exception cref="RankFailedException">A rank is gone; no gradient is what it should be.</exception>
    void Wait();
}
