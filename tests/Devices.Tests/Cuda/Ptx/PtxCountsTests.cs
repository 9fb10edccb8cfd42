using LdNetGpu.Devices.Cuda.Ptx;

namespace LdNetGpu.Tests.Cuda.Ptx;

/// <summary>Each kind of instruction counts as what it is, and as nothing else.</summary>
public sealed class PtxCountsTests
{
    static readonly PtxCounts One = new(1, 0, 0, 0, 0, 0, 0, 0, 0, false);

    [Theory]
    [InlineData("ld.global.v4.f32 {_, _, _, _}, [8];")]
    [InlineData("ld.shared.v2.f64 {_, _}, [8];")]
    [InlineData("st.global.v4.b32 [8], {1, 2, 3, 4};")]
    public void Vectors(string code) => Assert.Equal(One with { VectorAccesses = 1 }, PtxText.Counts(code));

    [Theory]
    [InlineData("ex2.approx.ftz.f32 _, 1.0;")]
    [InlineData("lg2.approx.f32 _, 1.0;")]
    [InlineData("tanh.approx.f32 _, 1.0;")]
    [InlineData("rcp.approx.ftz.f64 _, 1.0;")]
    [InlineData("sqrt.approx.f32 _, 1.0;")]
    [InlineData("rsqrt.approx.f32 _, 1.0;")]
    [InlineData("sin.approx.f32 _, 1.0;")]
    [InlineData("cos.approx.f32 _, 1.0;")]
    [InlineData("div.approx.f32 _, 1.0, 2.0;")]
    [InlineData("div.full.f32 _, 1.0, 2.0;")]
    public void Approximations(string code) => Assert.Equal(One with { Approximate = 1 }, PtxText.Counts(code));

    [Theory]
    [InlineData("bar.sync 0;")]
    [InlineData("bar.warp.sync -1;")]
    [InlineData("barrier.sync.aligned 0;")]
    [InlineData("barrier.cluster.wait;")]
    [InlineData("bar.red.popc.u32 _, 0, 1;")]
    public void Barriers(string code) => Assert.Equal(One with { Barriers = 1 }, PtxText.Counts(code));

    [Theory]
    [InlineData("atom.global.add.u32 _, [8], 1;")]
    [InlineData("atom.shared.cas.b32 _, [8], 1, 2;")]
    [InlineData("red.global.add.f32 [8], 1.0;")]
    public void Atomics(string code) => Assert.Equal(One with { Atomics = 1 }, PtxText.Counts(code));

    [Theory]
    [InlineData("ld.global.f32 _, [8];")]
    [InlineData("ld.param.v2.f32 {_, _}, [a];")]
    [InlineData("mov.b64 {_, _}, 1;")]
    [InlineData("rcp.rn.f32 _, 1.0;")]
    [InlineData("div.rn.f64 _, 1.0, 2.0;")]
    [InlineData("membar.gl;")]
    [InlineData("redux.sync.add.s32 _, 1, -1;")]
    [InlineData("brev.b32 _, 1;")]
    [InlineData("ret;")]
    public void OthersCountAsInstructionsAlone(string code) => Assert.Equal(One, PtxText.Counts(code));

    [Fact]
    public void RegistersAreCountedOnceEachAndDirectivesAndLabelsAreNoInstructions()
    {
        var counts = PtxText.Counts("""
            .reg .b32 %r<9>;
            .reg .pred %p<4>;
            // mov.u32 %r8, 0;
            mov.u32 %r1, %tid.x;
            $L0:
            setp.eq.u32 %p1, %r1, 0;
            @%p1 bra $L0;
            st.global.u32 [%rd1], %r1;
            """);
        Assert.Equal(One with { Instructions = 4, VirtualRegisters = 3, BusiestRegisters = 3 }, counts);
    }

    [Fact]
    public void LocalArraysAreCountedInBytesAlongTheDeepestCalls()
    {
        const string Functions = """
            .extern .func (.param .f32 r) expf (
            .param .f32 x
            )
            ;
            .func Deep() { .local .align 8 .f64 __local_depot1[4]; ret; }
            .func Flat() { .local .align 4 .b8 __local_depot2[12]; ret; }
            .func Unused() { .local .b8 __local_depot3[999]; bar.sync 0; ret; }
            """;
        var counts = PtxText.Counts("""
            .local .align 4 .b8 __local_depot0[16];
            call.uni Deep, ();
            call.uni Flat, ();
            { // callseq 0, 0
            .param .f32 x;
            call.uni (r),
            expf,
            (
            x
            );
            } // callseq 0
            ret;
            """, Functions);
        Assert.Equal(One with { Instructions = 6, LocalBytes = 16 + 32, LibraryCalls = 1 }, counts);
    }

    [Theory]
    [InlineData("call.uni First, ();", true)]
    [InlineData("ret;", false)]
    public void FunctionsThatCallThemselvesAreFound(string last, bool expected)
    {
        var counts = PtxText.Counts("call.uni First, (); ret;", $$"""
            .func First() { call.uni Other, (); ret; }
            .func Other() { .local .b8 a[8]; {{last}} }
            """);
        Assert.Equal((expected, 8), (counts.IsRecursive, counts.LocalBytes));
    }

    [Fact]
    public void AModuleHasItsTargetAndItsKernels()
    {
        var module = PtxModule.Parse("""
            .version 8.0
            .target sm_90a, debug
            .entry A() { ret; }
            .visible .entry B(.param .u32 x)
            .maxntid 256, 1, 1
            {
            { bar.sync 0; }
            ret;
            }
            """);
        Assert.Equal("sm_90a", module.Target);
        Assert.Equal([("A", 1), ("B", 2)], module.Entries.Select(kernel => (kernel.Name, kernel.Instructions.Count)));
        Assert.Null(module.Find("C"));
    }
}
