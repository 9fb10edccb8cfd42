using System.Runtime.InteropServices;

namespace LdNetGpu.Tests.Emulation;

/// <summary>Statements of PTX that one block of lanes runs, each with a result of its own.</summary>
public abstract class PtxLaneTest : EmulatorTest
{
    protected const int Warp = 32;

    // Lane n begins with %lane = n, %out the address of its result in global memory, %in that of 4,096 bytes of numbers
    // n, 4 bytes each.
    const string Head = """
        .visible .entry Lanes(.param .u64 values, .param .u64 results)
        {
            .reg .pred %p<8>;
            .reg .b16 %h<8>;
            .reg .b32 %r<32>, %lane;
            .reg .b64 %d<16>, %in, %out;
            .reg .f32 %f<16>;
            .reg .f64 %g<8>;
            ld.param.u64 %in, [values];
            ld.param.u64 %out, [results];
            mov.u32 %lane, %tid.x;
            mul.wide.u32 %d0, %lane, 4;
            add.u64 %out, %out, %d0;

        """;

    // The result is what %r0 holds.
    const string Tail = """

            st.global.b32 [%out], %r0;
            ret;
        }
        """;

    /// <summary>The results of the lanes.</summary>
    protected uint[] Run(string statements, int lanes = Warp, string declarations = "")
    {
        using var device = Open();
        using var module =
            new PtxModule($".version 8.0\n.target sm_90\n.address_size 64\n{declarations}\n{Head}{statements}{Tail}");
        var values = MemoryMarshal.AsBytes(Enumerable.Range(0, 1024).ToArray().AsSpan()).ToArray();
        return MemoryMarshal.Cast<byte, uint>(module.Run("Lanes", lanes, values, 4 * lanes)).ToArray();
    }

    /// <summary>Each lane's result is as the function says.</summary>
    protected void Gives(Func<int, long> expected, string statements, int lanes = Warp, string declarations = "") =>
        Assert.Equal([.. Enumerable.Range(0, lanes).Select(lane => (uint)expected(lane))],
            Run(statements, lanes, declarations));

    /// <summary>The launch fails, and the driver's words have these in them.</summary>
    protected void Faults(string statements, params string[] words)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Run(statements));
        foreach (var word in words) Assert.Contains(word, error.Message);
    }
}
