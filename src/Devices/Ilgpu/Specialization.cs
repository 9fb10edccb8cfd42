using ILGPU.Backends.EntryPoints;
using ILGPU.IR;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>A kernel with its specialised values in place, so that ILGPU knows them as constants.</summary>
static class Specialization
{
    /// <summary>
    /// A method of the same parameters that calls the kernel with constants where it takes
    /// <see cref="SpecializedValue{T}"/>. Parameters keep their places, the specialised ones unused.
    /// </summary>
    public static Method Wrap(IRContext context, Method kernel, in EntryPointDescription entry,
        ReadOnlySpan<int> values)
    {
        var wrapper = context.Declare(new MethodDeclaration(MethodHandle.Create("Specialized"), context.VoidType),
            out _);
        kernel.AddFlags(MethodFlags.Inline);
        using var builder = wrapper.CreateBuilder();
        var block = builder.EntryBlockBuilder;
        var call = block.CreateCall(wrapper.Location, kernel);
        var specialized = entry.Parameters.SpecializedParameters;
        var next = 0;
        for (var i = 0; i < kernel.NumParameters; i++)
        {
            var parameter = builder.AddParameter(kernel.Parameters[i].Type, kernel.Parameters[i].Name);
            var isSpecialized = next < specialized.Length
                && specialized[next].Index == i - entry.KernelIndexParameterOffset;
            call.Add(isSpecialized
                ? block.CreateObjectValue(wrapper.Location, SpecializedValue.New(values[next++])) : parameter);
        }
        call.Seal();
        block.CreateReturn(wrapper.Location);
        builder.Complete();
        return wrapper;
    }
}
