namespace LdNetGpu.Tests.Emulation;

/// <summary>
/// PTX that the driver must refuse, as ptxas would, or that the emulator does not take: each with its line and what is
/// wrong there.
/// </summary>
public sealed class PtxErrorTests : EmulatorTest
{
    const int InvalidPtx = 218;

    // Line 11 is the statement.
    const string Head = """
        .version 8.0
        .target sm_90
        .address_size 64
        .const .b32 fixed[4] = {1, 2, 3, 4};
        .visible .entry Entry(.param .u64 memory, .param .u32 number)
        {
            .reg .pred %p<4>;
            .reg .b16 %h<4>; .reg .b32 %r<4>; .reg .b64 %d<4>;
            .reg .f32 %f<4>; .reg .u32 %u<4>; .reg .f64 %g<4>;
            .shared .b32 block[64]; .local .b32 own[4];

        """;

    const string Tail = "\n    ret;\n}\n";

    [Theory]
    [InlineData("frobnicate.s32 %r0, %r1, %r2;", "instruction 'frobnicate'")]
    [InlineData("add.fast.s32 %r0, %r1, %r2;", "'.fast' of 'add.fast.s32'")]
    [InlineData("add.b32 %r0, %r1, %r2;", "'.b32' of 'add.b32'")]
    [InlineData("add.sat.u32 %r0, %r1, %r2;", "'add.sat.u32'", "add.sat.s32")]
    [InlineData("mul.s32 %r0, %r1, %r2;", "'mul.s32'", "mul.lo.T")]
    [InlineData("div.f32 %f0, %f1, %f2;", "'div.f32'", "div.full{.ftz}.f32")]
    [InlineData("fma.f32 %f0, %f1, %f2, %f3;", "'fma.f32'")]
    [InlineData("cvt.s32.f32 %r0, %f1;", "'cvt.s32.f32'")]
    [InlineData("cvt.f32.s32 %f0, %r1;", "'cvt.f32.s32'")]
    [InlineData("cvt.f32.f64 %f0, %g1;", "'cvt.f32.f64'")]
    [InlineData("cvt.rn.f64.f32 %g0, %f1;", "'cvt.rn.f64.f32'")]
    [InlineData("setp.lo.s32 %p0, %r1, %r2;", "'setp.lo.s32'")]
    [InlineData("setp.lt.ftz.f64 %p0, %g1, %g2;", "'setp.lt.ftz.f64'")]
    [InlineData("shfl.down.b32 %r0, %r1, 1, 31;", "'shfl.down.b32'")]
    [InlineData("add.s32 %r0, %r1;", "T <- T T")]
    [InlineData("add.s32 %r0, %d1, %r2;", "'%d1' is of .b64 where .s32 is due")]
    [InlineData("add.s32 %r0, %f1, %r2;", "'%f1' is of .f32 where .s32 is due")]
    [InlineData("add.f32 %f0, %u1, %f2;", "'%u1' is of .u32 where .f32 is due")]
    [InlineData("add.f32 %f0, %f1, 1;", "an integer stands where .f32 is due")]
    [InlineData("add.s32 %r0, %r1, 0f3F800000;", "a real number stands where .s32 is due")]
    [InlineData("mov.b32 %h0, %r1;", "'%h0' is of .b16")]
    [InlineData("mul.wide.s32 %r0, %r1, %r2;", "'%r0' is of .b32 where .s64 is due")]
    [InlineData("selp.b32 %r0, %r1, %r2, %r3;", "'%r3' is of .b32 where .pred is due")]
    [InlineData("add.s32 %r0, !%r1, %r2;", "'!'")]
    [InlineData("add.s32 5, %r1, %r2;", "no register")]
    [InlineData("mov.u32 %r0, %r9;", "'%r9'")]
    [InlineData("mov.u32 %r0, %pm0;", "'%pm0'")]
    [InlineData("mov.u32 %r0, %tid.w;", "'%tid.w'")]
    [InlineData("mov.u32 %r0, nowhere;", "'nowhere' is not declared")]
    [InlineData("mov.f32 %f0, 0f3F8000;", "'0f3F8000'")]
    [InlineData("ld.global.b32 %r0, [block];", "'block' lies in .shared, the instruction takes .global")]
    [InlineData("ld.b32 %r0, [block];", "names no state space")]
    [InlineData("st.const.b32 [fixed], %r0;", "cannot be written")]
    [InlineData("st.param.b32 [number], %r0;", "cannot be written")]
    [InlineData("ld.param.u64 %d0, [number];", "outside of 'number'")]
    [InlineData("ld.shared.b32 %r0, [block+256];", "outside of 'block', which has 256")]
    [InlineData("ld.global.b32 %r0, [%f0];", "'%f0', a register of .f32")]
    [InlineData("ld.global.b64 %r0, [%d0];", "'%r0' is of .b32")]
    [InlineData("ld.global.v4.f64 {%g0, %g1, %g2, %g3}, [%d0];", "'ld.global.v4.f64'")]
    [InlineData("ld.global.v2.b32 {%r0, %r1, %r2}, [%d0];", "operands")]
    [InlineData("ld.global.b32 %r0, %d0;", "operands")]
    [InlineData("ld.shared::cluster.b32 %r0, [%d0];", "'.shared::cluster'")]
    [InlineData("bra NOWHERE;", "no label 'NOWHERE'")]
    [InlineData("call absent;", "no function 'absent'")]
    [InlineData("call %d0;", "call through a register")]
    [InlineData("bar.sync 1;", "#0")]
    [InlineData("lop3.b32 %r0, %r1, %r2, %r3, %r0;", "#")]
    [InlineData("cp.async.ca.shared.global [%r0], [%d0], 5;", "#4")]
    [InlineData("cp.async.cg.shared.global [%r0], [%d0], 8;", "#16")]
    [InlineData("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%g0, %g1}, {%g2}, {%g3}, {%g0, %g1};", "'.m8n8k4'")]
    [InlineData("atom.global.add.s64 %d0, [%d1], %d2;", "'atom.global.add.s64'")]
    [InlineData("atom.global.exch.f32 %f0, [%d1], %f2;", "'atom.global.exch.f32'")]
    [InlineData("tex.2d.v4.f32.f32 {%f0, %f1, %f2, %f3}, [%d0, {%f0, %f1}];", "'")]
    [InlineData("@%r0 bra HERE;", "'%r0' is of .b32 where .pred is due")]
    [InlineData(".reg .b32 %r0, %r0;", "declared twice")]
    [InlineData(".reg .b128 %x;", "'.b128'")]
    [InlineData(".surprise %r0;", "directive '.surprise'")]
    [InlineData("add.s32 %r0, %r1, %r2", "';' expected")]
    public void AStatementIsRefused(string statement, params string[] words)
    {
        using var device = Open();
        Assert.Equal(InvalidPtx, PtxModule.Loads(Head + statement + Tail));
        var error = RawDriver.ErrorText(InvalidPtx);
        Assert.Contains("line 11", error);
        Assert.Contains(statement, error);
        foreach (var word in words) Assert.Contains(word, error);
    }

    [Theory]
    [InlineData(".target sm_90\n.address_size 64\n", "no .version")]
    [InlineData(".version 8.0\n.target sm_90\n.address_size 32\n", "64 bits")]
    [InlineData(".version 8.0\n.target sm_90\n.entry Entry() {\n", "'}'")]
    [InlineData(".version 8.0\n.target sm_90\n.tex .u64 picture;\n", "directive '.tex'")]
    [InlineData(".version 8.0\n.target sm_90\n.extern .global .b32 elsewhere;\n", "'elsewhere'")]
    [InlineData(".version 8.0\n.target sm_90\n.global .b32 four[2] = {1, 2, 3};\n", "more values")]
    [InlineData(".version 8.0\n.target sm_90\n.extern .func absent;\n.entry Entry() {\ncall absent;\n}\n",
        "'absent' is called, and nowhere defined")]
    public void AModuleIsRefused(string text, string words)
    {
        using var device = Open();
        Assert.Equal(InvalidPtx, PtxModule.Loads(text));
        Assert.Contains(words, RawDriver.ErrorText(InvalidPtx));
    }
}
