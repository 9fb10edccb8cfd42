using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Model;

/// <summary>
/// While it is open on its thread, modules may have no more parameters than a file has values: a configuration that
/// asks for more is refused before the memory is asked for.
/// </summary>
sealed class ParameterBudget : IDisposable
{
    [ThreadStatic]
    static ParameterBudget? current;

    readonly ParameterBudget? outer = current;
    readonly string source;
    Int128 left;

    ParameterBudget(string source, Int128 values) => (this.source, left) = (source, values);

    /// <summary>Counts the parameters that are made from now on against what the file holds.</summary>
    public static ParameterBudget Open(SafeTensorsReader reader)
    {
        Int128 values = 0;
        foreach (var tensor in reader.Tensors) values += tensor.Elements;
        return Open(reader.Source, values);
    }

    /// <summary>The same for a file of another format.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="values">That it holds.</param>
    public static ParameterBudget Open(string source, Int128 values) => current = new(source, values);

    /// <summary>Counts a parameter that is about to be made.</summary>
    /// <exception cref="UserException">The file has not so many values.</exception>
    public static void Take(string name, Shape shape)
    {
        if (current is not { } budget) return;
        Int128 elements = 1;
        foreach (var size in shape.Sizes) elements *= size;
        budget.left -= elements;
        if (budget.left < 0)
            throw new UserException($"{budget.source}: the configuration asks for '{name}' of shape {shape}, "
                + "and in all for more values than this file holds: the files are of two models, or one is damaged.");
    }

    public void Dispose() => current = outer;
}
