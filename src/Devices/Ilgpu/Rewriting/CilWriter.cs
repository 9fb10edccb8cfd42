using System.Buffers.Binary;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>Writes instructions as a compiled body has them.</summary>
sealed class CilWriter
{
    readonly List<byte> bytes = [];

    public int Length => bytes.Count;

    public CilWriter Add(OpCode code)
    {
        if (code.Size == 2) bytes.Add((byte)(code.Value >> 8));
        bytes.Add((byte)code.Value);
        return this;
    }

    /// <summary>An instruction that does not jump.</summary>
    public CilWriter Add(CilInstruction instruction) => Add(instruction.Code, instruction.Operand);

    public CilWriter Add(OpCode code, ReadOnlyMemory<byte> operand)
    {
        Add(code);
        bytes.AddRange(operand.Span);
        return this;
    }

    public CilWriter Add(CilWriter other)
    {
        bytes.AddRange(other.bytes);
        return this;
    }

    /// <summary>Four bytes of an operand.</summary>
    public CilWriter Add(int operand)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(four, operand);
        bytes.AddRange(four);
        return this;
    }

    /// <summary>An instruction that names a local variable in two bytes.</summary>
    public CilWriter Variable(OpCode code, int index)
    {
        Add(code);
        bytes.Add((byte)index);
        bytes.Add((byte)(index >> 8));
        return this;
    }

    public byte[] ToArray() => [.. bytes];
}
