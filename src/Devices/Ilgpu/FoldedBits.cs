using ILGPU.Backends;
using ILGPU.IR;
using ILGPU.IR.Values;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// The bits of a number, and the number of bits, that turned out constant when ILGPU had read them already: made
/// constants, for its PTX takes them of registers alone.
/// </summary>
readonly struct FoldedBits : IBackendHook
{
    public void FinishedCodeGeneration(IRContext context, Method entryPoint) { }

    public void InitializedKernelContext(IRContext kernelContext, Method kernelMethod) { }

    public void OptimizedKernelContext(IRContext kernelContext, Method kernelMethod)
    {
        foreach (var method in kernelContext.Methods)
        {
            if (!method.HasImplementation) continue;
            using var builder = method.CreateBuilder();
            while (Cast(builder) is { } cast)
            {
                var block = builder[cast.BasicBlock];
                block.SetupInsertPosition(cast);
                cast.Replace(cast is FloatAsIntCast ? block.CreateFloatAsIntCast(cast.Location, cast.Value)
                    : block.CreateIntAsFloatCast(cast.Location, cast.Value));
                block.Remove(cast);
            }
        }
    }

    /// <summary>One of a constant; null where there is none.</summary>
    static BitCast? Cast(Method.Builder method)
    {
        foreach (var block in method.SourceBlocks)
            foreach (Value value in block)
                if (value is BitCast cast && cast.Value.Resolve() is PrimitiveValue) return cast;
        return null;
    }
}
