namespace LdNetGpu.Tests.Emulation;

/// <summary>State spaces, addresses, functions and branches of PTX.</summary>
public sealed class PtxMemoryTests : PtxLaneTest
{
    [Fact]
    public void VectorsAreRegistersSideBySide()
    {
        Gives(_ => 8 + 9 + 10 + 11, "ld.global.nc.v4.u32 {%r1, %r2, %r3, %r4}, [%in+32]; " +
            "add.u32 %r0, %r1, %r2; add.u32 %r0, %r0, %r3; add.u32 %r0, %r0, %r4;");
        Gives(_ => 2, "ld.global.L1::no_allocate.L2::128B.v2.u32 {%r1, _}, [%in+8]; mov.b32 %r0, %r1;");
        Gives(lane => lane + 5,
            "mov.b32 %r1, 5; st.shared.v2.b32 [pair], {%lane, %r1}; ld.shared.v2.b32 {%r2, %r3}, [pair]; add.u32 %r0, "
            + "%r2, %r3;",
            prelude: ".shared .align 8 .b32 pair[2];");
    }

    [Fact]
    public void ASmallerTypeIsExtendedToItsRegister()
    {
        Gives(_ => 0xffffff80, "mov.b32 %r1, 0x80; st.global.u8 [%in+64], %r1; ld.global.s8 %r0, [%in+64];");
        Gives(_ => 0x80, "mov.b32 %r1, 0xff80; st.global.u8 [%in+64], %r1; ld.global.u8 %r0, [%in+64];");
        Gives(_ => 0xffff8000,
            "mov.b32 %r1, 0x8000; st.global.b16 [%in+64], %r1; ld.global.s16 %d1, [%in+64]; cvt.u32.u64 %r0, %d1;");
    }

    [Fact]
    public void GenericAddressesReachEveryStateSpace()
    {
        Gives(lane => lane,
            "st.shared.u32 [one], %lane; mov.u64 %d1, one; cvta.shared.u64 %d2, %d1; ld.u32 %r0, [%d2];", prelude: One);
        Gives(lane => lane, "mov.u64 %d1, one; cvta.shared.u64 %d2, %d1; cvta.to.shared.u64 %d3, %d2; " +
            "st.shared.u32 [%d3], %lane; ld.shared.u32 %r0, [one];", prelude: One);
        Gives(lane => lane,
            "mov.u64 %d1, own; cvta.local.u64 %d2, %d1; st.u32 [%d2+4], %lane; ld.local.u32 %r0, [own+4];",
            prelude: Own);
        Gives(_ => 3, "mov.u64 %d1, table; cvta.const.u64 %d2, %d1; ld.u32 %r0, [%d2+8];", declarations: Table);
        Gives(_ => 7, "cvta.to.global.u64 %d1, %in; ld.u32 %r0, [%d1+28];");
    }

    [Theory, InlineData("shared", 0b010), InlineData("local", 0b001), InlineData("global", 0b100)]
    public void IsspacepTellsThemApart(string space, int expected)
    {
        const string name = "mov.u64 %d1, one; cvta.shared.u64 %d1, %d1; mov.u64 %d2, own; cvta.local.u64 %d2, %d2; ";
        Gives(_ => expected,
            name + $"isspacep.{space} %p0, %in; isspacep.{space} %p1, %d1; isspacep.{space} %p2, %d2; " +
            "selp.b32 %r0, 4, 0, %p0; @%p1 add.u32 %r0, %r0, 2; @%p2 add.u32 %r0, %r0, 1;", prelude: One + Own);
    }

    [Fact]
    public void DynamicSharedMemoryFollowsTheFixedOne()
    {
        const string dynamic = ".extern .shared .align 16 .b8 dynamic[];";
        Gives(_ => 16, "mov.u32 %r1, dynamic; mov.u32 %r2, one; sub.u32 %r0, %r1, %r2;", declarations: dynamic,
            prelude: One);
        Gives(_ => 1024, "mov.u32 %r0, %dynamic_smem_size;", declarations: dynamic);
        Gives(lane => lane, "mov.u32 %r1, dynamic; mad.lo.u32 %r1, %lane, 4, %r1; " +
            "st.shared.u32 [%r1+896], %lane; ld.shared.u32 %r0, [%r1+896];", declarations: dynamic);
    }

    [Fact]
    public void InitializersAreNumbersListsAndAddresses()
    {
        Gives(_ => 2, "ld.const.u32 %r0, [table+4];", declarations: Table);
        Gives(_ => 30, "ld.global.u32 %r0, [grid+8];", declarations: ".global .u32 grid[2][2] = {{10}, {30, 40}};");
        Gives(_ => 0, "ld.global.u32 %r0, [grid+4];", declarations: ".global .u32 grid[2][2] = {{10}, {30, 40}};");
        Gives(_ => 0xc0000000, "ld.global.f32 %f0, [reals+4]; mov.b32 %r0, %f0;",
            declarations: ".global .f32 reals[] = {1.5, -2.0};");
        Gives(_ => 2, "ld.global.u64 %d1, [where]; ld.u32 %r0, [%d1];",
            declarations: Table + " .global .u64 where = generic(table)+4;");
        Gives(_ => 0xfe, "ld.global.u8 %r0, [bytes+1];",
            declarations: ".visible .global .align 4 .b8 bytes[4] = {1, -2, 0x3, 0b100};");
    }

    [Fact]
    public void FunctionsTakeAndReturnParameters()
    {
        const string twice =
            ".visible .func (.param .b32 result) Twice(.param .b32 a, .param .align 8 .b8 b[16])\n{\n"
            + ".reg .b32 %x<4>; .reg .pred %y;\n"
            + "ld.param.u32 %x1, [a]; ld.param.u32 %x2, [b+8]; add.u32 %x3, %x1, %x2; setp.gt.u32 %y, %x3, 100; "
            + "@%y exit; st.param.b32 [result], %x3; ret;\n}\n";
        const string call =
            "{ .param .b32 a; .param .align 8 .b8 b[16]; .param .b32 r; st.param.b32 [a], %lane; st.param.b32 [b+8], "
            + "90; call.uni (r), Twice, (a, b); ld.param.b32 %r0, [r]; }";
        Gives(lane => lane > 10 ? 0 : lane + 90, call, declarations: twice);
        Gives(lane => lane > 10 ? 0 : lane + 90, call.Replace("Twice", "Other", StringComparison.Ordinal),
            declarations: twice + ".alias Other, Twice;");
    }

    [Fact]
    public void BranchesByIndexAndLabelsOfBlocks()
    {
        Gives(lane => lane % 3 * 10, "rem.u32 %r1, %lane, 3; ways: .branchtargets A, B, C; brx.idx %r1, ways; " +
            "A: mov.u32 %r0, 0; bra D; B: mov.u32 %r0, 10; bra D; C: mov.u32 %r0, 20; D:");
        Gives(_ => 3, "{ .reg .b32 %x; mov.u32 %x, 1; bra L; L: mov.u32 %r0, %x; } " +
            "{ .reg .b32 %x; mov.u32 %x, 2; bra L; mov.u32 %x, 9; L: add.u32 %r0, %r0, %x; }");
    }

    [Fact]
    public void CarriesPassFromOneInstructionToTheNext() =>
        Gives(_ => 1, "mov.b32 %r1, 0xffffffff; add.cc.u32 %r2, %r1, 1; addc.u32 %r0, 0, 0;");

    [Fact]
    public void BorrowsToo() =>
        Gives(_ => 0xfffffffe, "sub.cc.u32 %r1, 0, 1; subc.cc.u32 %r2, 0, 0; subc.u32 %r0, 0, 1;");

    [Fact]
    public void AWideProductOfFourParts() =>
        Gives(_ => 0xffffffff,
            "mov.b32 %r1, 0xffffffff; mad.lo.cc.u32 %r2, %r1, %r1, %r1; madc.hi.u32 %r0, %r1, %r1, 0;");

    [Theory, InlineData("cp.async.ca.shared.global [%r1], [%in], 16;", 1)]
    [InlineData("cp.async.cg.shared::cta.global.L2::128B [%r1], [%in], 16;", 1)]
    [InlineData("cp.async.ca.shared.global [%r1], [%in], 8;", 1)]
    [InlineData("cp.async.ca.shared.global [%r1+4], [%in+4], 4;", 1)]
    [InlineData("cp.async.cg.shared.global [%r1], [%in], 16, 4;", 0)]
    [InlineData("cp.async.ca.shared.global [%r1], [%in], 16, %p1;", 0)]
    [InlineData("cp.async.ca.shared.global [%r1], [%in], 16, %p2;", 1)]
    public void AsynchronousCopiesArriveWhenWaitedFor(string copy, int expected)
    {
        const string block = ".shared .align 16 .b8 copies[512];";
        const string begin =
            "mov.u32 %r1, copies; mad.lo.u32 %r1, %lane, 16, %r1; setp.lt.u32 %p1, %lane, 99; not.pred %p2, %p1; ";
        Gives(_ => expected, $"{begin}{copy} cp.async.commit_group; cp.async.wait_group 0; ld.shared.u32 %r0, [%r1+4];",
            prelude: block);
        Gives(_ => expected, $"{begin}{copy} cp.async.wait_all; ld.shared.u32 %r0, [%r1+4];", prelude: block);
    }

    [Theory]
    [InlineData("outside of the block's shared memory", "st.shared.u32 [%r1+65536], %lane;")]
    [InlineData("no multiple", "ld.shared.u32 %r0, [%r1+2];")]
    [InlineData("shared or local", "ld.global.u32 %r0, [%d1];")]
    [InlineData("no local memory", "ld.local.u32 %r0, [%in];")]
    [InlineData("outside of its targets", "brx.idx %r2, ways;")]
    [InlineData("trap", "trap;")]
    public void AFaultNamesItsStatement(string words, string statement) =>
        Faults($"{One} mov.u32 %r1, one; mov.u64 %d1, one; cvta.shared.u64 %d1, %d1; mov.b32 %r2, 1;\n" +
            $"ways: .branchtargets A;\n{statement}\nA:", words, statement);

    [Theory]
    [InlineData("prefetch.global.L2 [%in];")]
    [InlineData("prefetchu.L1 [%in];")]
    [InlineData("discard.global.L2 [%in], 128;")]
    [InlineData("applypriority.global.L2::evict_normal [%in], 128;")]
    [InlineData("createpolicy.fractional.L2::evict_last.b64 %d1, 0f3F800000; ld.global.L2::cache_hint.u32 %r1, [%in], "
        + "%d1;")]
    [InlineData("griddepcontrol.wait; griddepcontrol.launch_dependents;")]
    [InlineData("membar.gl; fence.acq_rel.gpu; fence.sc.sys; membar.cta;")]
    [InlineData("nanosleep.u32 100;")]
    [InlineData(".pragma \"nounroll\";\n.loc 1 5 3\n")]
    public void AHintChangesNothing(string statements) => Gives(lane => lane, statements + "mov.u32 %r0, %lane;");

    [Fact]
    public void WhatDebuggersReadIsPassedOver() => Gives(lane => lane, "mov.u32 %r0, %lane;",
        declarations: ".file 1 \"kernel.cs\"\n.section .debug_str\n{\n.b8 77, 7 // \"M\"\n.b32 .debug_str\n}\n.weak "
        + ".global .b32 common;");

    [Fact]
    public void ABlockThatReqntidDoesNotAskForIsRefused()
    {
        using var device = Open();
        using var module = new PtxModule(
            ".version 8.0\n.target sm_80\n.address_size 64\n.entry Entry(.param .u64 a, .param .u64 b) .reqntid "
            + "64\n{\nret;\n}\n");
        Assert.Throws<InvalidOperationException>(() => module.Run("Entry", 32, [], 4));
    }

    const string One = ".shared .align 4 .b32 one[1]; ", Own = ".local .align 4 .b32 own[4]; ",
        Table = ".const .align 4 .u32 table[4] = {1, 2, 3, 4};";

    void Gives(Func<int, long> expected, string statements, string declarations = "", string prelude = "") =>
        base.Gives(expected, prelude + statements, Warp, declarations);
}
