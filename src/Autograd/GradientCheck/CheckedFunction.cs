using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>A function under check, in any kind of number, its leaves at values that the check names.</summary>
abstract class CheckedFunction
{
    /// <summary>Whether a derivative costs so much that a direction a leaf stands for its elements.</summary>
    public virtual bool IsLarge => false;

    /// <summary>Makes the function.</summary>
    /// <param name="backend">Where it computes.</param>
    /// <param name="values">Of a leaf's name and number of elements.</param>
    public abstract DifferentiableBlock<T> At<T>(DeviceBackend<T> backend, Func<string, int, T[]> values)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>One of inputs that it asks for; they are leaves once the outputs were built.</summary>
    public static CheckedFunction Of(IDifferentiable function) => new OfInputs(function);

    /// <summary>One of leaves that are its own.</summary>
    public static CheckedFunction Of(IDifferentiableBlock block) => new OfLeaves(block);

    sealed class OfInputs(IDifferentiable function) : CheckedFunction
    {
        public override DifferentiableBlock<T> At<T>(DeviceBackend<T> backend, Func<string, int, T[]> values)
        {
            var inputs = new GradientInputs<T>(backend, values);
            return new(inputs.All, () => function.Outputs(backend, inputs.Get), inputs);
        }
    }

    sealed class OfLeaves(IDifferentiableBlock block) : CheckedFunction
    {
        public override bool IsLarge => true;

        public override DifferentiableBlock<T> At<T>(DeviceBackend<T> backend, Func<string, int, T[]> values)
        {
            var made = block.On(backend)
                ?? throw new InvalidOperationException($"The block gave nothing in {typeof(T).Name}.");
            foreach (var (name, leaf) in made.Leaves) leaf.CopyFrom(values(name, (int)leaf.Shape.Count));
            return made;
        }
    }
}
