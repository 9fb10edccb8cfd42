using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>A model's parameters as a PyTorch state_dict: names and layouts of the published code.</summary>
public static class StateDict
{
    /// <summary>One tensor, to write.</summary>
    /// <param name="name">As the file will call it.</param>
    /// <param name="tensor">Without gaps between rows.</param>
    public static NamedTensor ToNamed<T>(string name, Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor is Parameter<T> { IsInBfloat16: true } rounded
            ? NamedTensor.Of<T>(name, Sizes(tensor), rounded.ToWideArray())
            : NamedTensor.Of(name, Sizes(tensor), tensor.View.Buffer, tensor.View.Offset);
    }

    /// <summary>Every parameter of a module.</summary>
    /// <param name="module">Its parameters by their full names, in its order.</param>
    public static IReadOnlyList<NamedTensor> Of<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        return [.. module.Parameters().Select(entry => ToNamed(entry.Name, entry.Parameter))];
    }

    /// <summary>
    /// Reads every parameter of a module, after making sure that all of them fit; float and double convert.
    /// </summary>
    /// <param name="module">Takes the values.</param>
    /// <param name="reader">Has exactly the module's tensors.</param>
    /// <exception cref="UserException">A tensor is missing, surplus or of another shape: nothing was read. Or a value
    /// is NaN or infinite. Names it and the file.</exception>
    public static void Load<T>(Module<T> module, SafeTensorsReader reader) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(reader);
        var parameters = module.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var (name, parameter) in parameters) reader.Require(name, Sizes(parameter));
        foreach (var tensor in reader.Tensors)
            if (!parameters.ContainsKey(tensor.Name))
                throw new UserException(
                    $"{reader.Source}: tensor '{tensor.Name}' [{string.Join(", ", tensor.Shape)}] has no place in this "
                    + "model: the file is of a model of another shape.");
        foreach (var (name, parameter) in parameters) ReadInto(reader, name, parameter);
    }

    /// <summary>
    /// Makes a module and reads its parameters, where the file holds as many values as it asks for: a configuration is
    /// not believed before.
    /// </summary>
    /// <param name="reader">Has exactly the module's tensors.</param>
    /// <param name="make">Makes the module; called once.</param>
    /// <exception cref="UserException">As <see cref="Load{T}"/>, or the module is larger than the file.</exception>
    internal static TModule Create<T, TModule>(SafeTensorsReader reader, Func<TModule> make)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TModule : Module<T>
    {
        TModule module;
        using (ParameterBudget.Open(reader)) module = make();
        try
        {
            Load(module, reader);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor of exactly this shape.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="name">As the file calls it.</param>
    /// <param name="tensor">Takes the values; without gaps between rows.</param>
    /// <exception cref="UserException">
    /// It is not there, of another shape, of a type that does not convert, or a value is NaN or infinite.
    /// </exception>
    public static void ReadInto<T>(SafeTensorsReader reader, string name, Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        var stored = reader.Require(name, Sizes(tensor));
        var view = tensor.Mutate();
        reader.ReadFinite(stored, view.Buffer, view.Offset);
    }

    /// <summary>A shape as files have it.</summary>
    internal static long[] Sizes(Shape shape) => Array.ConvertAll(shape.Sizes.ToArray(), size => (long)size);

    static long[] Sizes<T>(Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T> => Sizes(tensor.Shape);
}
