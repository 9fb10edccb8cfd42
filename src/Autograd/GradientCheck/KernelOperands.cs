using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>What the launches of an <see cref="IForwardKernel"/> are given.</summary>
public sealed class KernelOperands<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Dictionary<string, Tensor<T>> operands = [];

    internal KernelOperands(GpuBackend<T> backend, IForwardKernel kernel, IReadOnlyList<Tensor<T>> inputs)
    {
        Backend = backend;
        foreach (var (operand, tensor) in kernel.Inputs.Zip(inputs)) operands.Add(operand.Name, tensor);
        Outputs = [.. kernel.Outputs.Select(output => Tensor.Empty(backend, output.Sizes))];
        foreach (var (operand, tensor) in kernel.Outputs.Zip(Outputs)) operands.Add(operand.Name, tensor);
    }

    /// <summary>The operations on the device, for what no kernel of the pair does.</summary>
    public GpuBackend<T> Backend { get; }

    /// <summary>Where to launch.</summary>
    public GpuDevice Device => Backend.Device;

    /// <summary>In the order of <see cref="IForwardKernel.Outputs"/>.</summary>
    internal Tensor<T>[] Outputs { get; }

    /// <summary>Of the backward pass, by the operands' names; null before it.</summary>
    internal Dictionary<string, MatrixView<T>>? Gradients { get; set; }

    /// <summary>
    /// An input, an output or what <see cref="Keep"/> made, as rows; <see cref="MatrixView{T}.Contiguous"/> is the
    /// array of its elements.
    /// </summary>
    /// <param name="name">The operand's.</param>
    /// <exception cref="ArgumentException">There is no such operand.</exception>
    public MatrixView<T> this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return operands.TryGetValue(name, out var tensor) ? tensor.View : throw Unknown(name, operands.Keys);
        }
    }

    /// <summary>The gradient of an output, to read, or of an input, to write or to add to.</summary>
    /// <param name="name">The operand's.</param>
    /// <exception cref="ArgumentException">There is no such input or output.</exception>
    /// <exception cref="InvalidOperationException">It is the forward pass, which has none.</exception>
    public MatrixView<T> Gradient(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Gradients is null)
            throw new InvalidOperationException($"The gradient of {name} is known in the backward pass alone.");
        return Gradients.TryGetValue(name, out var view) ? view : throw Unknown(name, Gradients.Keys);
    }

    /// <summary>
    /// Memory that the forward pass leaves to the backward pass, where it is the operand of this name; no input and no
    /// output of the function.
    /// </summary>
    /// <param name="name">One that no operand has.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">0 or more; the content is undefined.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="Devices.ShapeException">A size is negative.</exception>
    public MatrixView<T> Keep(string name, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(name);
        var memory = Tensor.Empty(Backend, new Shape(rows, columns));
        return operands.TryAdd(name, memory) ? memory.View
            : throw new ArgumentException($"There is an operand {name} already.", nameof(name));
    }

    /// <summary>Integers for a kernel to read: indices, lengths.</summary>
    /// <param name="values">Copied.</param>
    public ArrayView<int> Integers(params int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new IntTensor(Device, values).View.Array;
    }

    static ArgumentException Unknown(string name, IEnumerable<string> known) =>
        new($"There is no operand {name}; there are {string.Join(", ", known)}.", nameof(name));
}
