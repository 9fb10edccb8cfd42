using LdNetGpu.Devices.Cuda.Ptx;

namespace LdNetGpu.Tests.Cuda.Ptx;

/// <summary>Registers counted by hand.</summary>
public sealed class PtxRegistersTests
{
    [Theory]
    // Two of 64 bits at first, three from the second value on; the sum ends two.
    [InlineData(6,
        "ld.global.f64 %fd1, [%rd1]; add.f64 %fd2, %fd1, %fd1; add.f64 %fd3, %fd2, %fd1; st.global.f64 [%rd2], %fd3; "
        + "ret;", "%fd1, %fd2 and %rd2")]
    // A value that the loop reads lives through it.
    [InlineData(3,
        "mov.u32 %r1, 0; mov.u32 %r2, 7;\n$L1:\nadd.s32 %r3, %r1, %r2; mov.u32 %r1, %r3; setp.lt.s32 %p1, %r3, "
        + "9;\n@%p1 bra $L1;\nret;", "%r1, %r2 and %r3")]
    // Vectors in braces are set and read as their parts.
    [InlineData(4, "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%r9]; st.global.v4.f32 [8], {%f1, %f2, %f3, %f4}; ret;",
        "%f1 to %f4")]
    // A guarded set may leave the old value, so that it lives before.
    [InlineData(2, "mov.u32 %r1, 1; mov.u32 %r2, 2;\n@%p1 mov.u32 %r1, %r2;\nst.global.u32 [8], %r1; ret;",
        "%r1 and %r2")]
    // The shuffle sets a register and a predicate; a call reads what was stored for it.
    [InlineData(1,
        "mov.u32 %r1, 1; shfl.sync.idx.b32 %r2|%p1, %r1, 0, 31, -1;\n"
            + "{ // callseq\nst.param.b32 [param0+0], %r2;\ncall.uni (retval0),\nexpf,\n(\nparam0\n);\n}\nret;",
        "one at a time")]
    // A barrier that counts has a result, so that nothing lives before it.
    [InlineData(1, "bar.red.popc.u32 %r1, 0, %p1; st.global.u32 [8], %r1; ret;", "%r1")]
    public void ValuesThatAreReadYetAreCounted(int expected, string body, string why)
    {
        var (module, kernel) = PtxText.Kernel(body);
        Assert.True(expected == PtxRegisters.Busiest(module, kernel), why);
    }

    [Fact]
    public void WhatAnyLabelOfAJumpTableReadsLivesAtTheJump()
    {
        var (module, kernel) = PtxText.Kernel("""
            mov.u32 %r1, 1;
            mov.u32 %r2, 2;
            mov.u32 %r3, 0;
            Table:
            .branchtargets First, Second;
            brx.idx %r3, Table;
            First:
            st.global.u32 [8], %r1;
            ret;
            Second:
            st.global.u32 [8], %r2;
            ret;
            """);
        Assert.Equal(3, PtxRegisters.Busiest(module, kernel));
    }

    [Fact]
    public void ACalledFunctionHasItsRegistersAboveThoseThatLiveAcrossTheCall()
    {
        // %fd1 and %fd2 in the function, %r1 in the kernel; %r2 is dead by then.
        var (module, kernel) = PtxText.Kernel("""
            mov.u32 %r1, 1;
            mov.u32 %r2, 2;
            st.global.u32 [16], %r2;
            call.uni (result), Sum, (x);
            st.global.u32 [8], %r1;
            ret;
            """, """
            .func (.param .f64 result) Sum(.param .f64 x)
            {
            ld.param.f64 %fd1, [x];
            mov.f64 %fd2, 0;
            add.f64 %fd3, %fd1, %fd2;
            st.param.f64 [result], %fd3;
            ret;
            }
            """);
        Assert.Equal(5, PtxRegisters.Busiest(module, kernel));
    }
}
