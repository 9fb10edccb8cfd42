namespace LdNetGpu.Tests.Emulation;

/// <summary>What lanes of a warp and of a block do together in PTX.</summary>
public sealed class PtxWarpTests : PtxLaneTest
{
    const string Everyone = "0xffffffff";

    [Fact]
    public void ShuffleByIndexStaysInItsSegment()
    {
        Gives(_ => 5, $"shfl.sync.idx.b32 %r0, %lane, 5, 0x1f, {Everyone};");
        Gives(lane => lane / 8 * 8 + 3, $"shfl.sync.idx.b32 %r0, %lane, 11, 0x181f, {Everyone};");
    }

    [Fact]
    public void ShuffleUpAndDownLeaveTheEdgeAsItWas()
    {
        Gives(lane => lane < 3 ? lane : lane - 3, $"shfl.sync.up.b32 %r0, %lane, 3, 0, {Everyone};");
        Gives(lane => lane + 3 > 31 ? lane : lane + 3, $"shfl.sync.down.b32 %r0, %lane, 3, 0x1f, {Everyone};");
        Gives(lane => lane % 16 + 3 > 15 ? lane : lane + 3, $"shfl.sync.down.b32 %r0, %lane, 3, 0x101f, {Everyone};");
    }

    [Fact]
    public void ShuffleByBitsExchanges() =>
        Gives(lane => lane ^ 5, $"shfl.sync.bfly.b32 %r0, %lane, 5, 0x1f, {Everyone};");

    [Fact]
    public void ShuffleSaysWhetherTheLaneWasInRange() =>
        Gives(lane => lane + 4 < 32 ? 1 : 0,
            $"shfl.sync.down.b32 %r1|%p0, %lane, 4, 0x1f, {Everyone}; selp.b32 %r0, 1, 0, %p0;");

    [Fact]
    public void VotesCountTheLanesOfTheMask()
    {
        const string odd = "and.b32 %r1, %lane, 1; setp.ne.u32 %p0, %r1, 0; ";
        Gives(_ => 0xaaaaaaaa, odd + $"vote.sync.ballot.b32 %r0, %p0, {Everyone};");
        Gives(_ => 1, odd + $"vote.sync.any.pred %p1, %p0, {Everyone}; selp.b32 %r0, 1, 0, %p1;");
        Gives(_ => 0, odd + $"vote.sync.all.pred %p1, %p0, {Everyone}; selp.b32 %r0, 1, 0, %p1;");
        Gives(_ => 0, odd + $"vote.sync.uni.pred %p1, %p0, {Everyone}; selp.b32 %r0, 1, 0, %p1;");
        Gives(lane => lane % 2,
            odd + "mov.b32 %r0, 0; @!%p0 bra DONE; vote.sync.all.pred %p1, %p0, 0xaaaaaaaa; selp.b32 %r0, 1, 0, %p1; "
            + "DONE:");
    }

    [Fact]
    public void MatchFindsTheLanesOfTheSameValue()
    {
        Gives(lane => 0x11111111u << lane % 4, $"and.b32 %r1, %lane, 3; match.any.sync.b32 %r0, %r1, {Everyone};");
        Gives(_ => 0xffffffff, $"mov.b64 %d1, 77; match.all.sync.b64 %r0|%p0, %d1, {Everyone};");
        Gives(_ => 0, $"match.all.sync.b32 %r0|%p0, %lane, {Everyone}; @%p0 mov.b32 %r0, 5;");
    }

    [Theory, InlineData("add", "s32", 496 - 32 * 16), InlineData("min", "s32", -16), InlineData("max", "s32", 15)]
    [InlineData("min", "u32", 0)]
    [InlineData("max", "u32", -1), InlineData("and", "b32", 0), InlineData("or", "b32", -1)]
    [InlineData("xor", "b32", 0)]
    public void ReduxReduces(string operation, string type, int expected) =>
        Gives(_ => expected, $"sub.s32 %r1, %lane, 16; redux.sync.{operation}.{type} %r0, %r1, {Everyone};");

    [Fact]
    public void ElectChoosesOneLane() =>
        Assert.Single(Run($"elect.sync %r1|%p0, {Everyone}; selp.b32 %r0, 1, 0, %p0;"), value => value == 1);

    [Fact]
    public void ALaneIsInItsActiveMask() =>
        Gives(_ => 1, "activemask.b32 %r0; shr.u32 %r0, %r0, %lane; and.b32 %r0, %r0, 1;");

    [Fact]
    public void LaneMasks()
    {
        Gives(lane => (1u << lane) - 1, "mov.u32 %r0, %lanemask_lt;");
        Gives(lane => 1u << lane, "mov.u32 %r0, %lanemask_eq;");
        Gives(lane => ~((2u << lane) - 1), "mov.u32 %r0, %lanemask_gt;");
        Gives(lane => lane / 32 * 100 + lane % 32 + 1000 * 2,
            "mov.u32 %r1, %warpid; mov.u32 %r2, %laneid; mov.u32 %r3, %nwarpid; " +
            "mad.lo.u32 %r0, %r1, 100, %r2; mad.lo.u32 %r0, %r3, 1000, %r0;", lanes: 64);
    }

    [Fact]
    public void BarriersCountTheBlock()
    {
        const string third = "rem.u32 %r1, %lane, 3; setp.eq.u32 %p0, %r1, 0; ";
        Gives(_ => 22, third + "bar.red.popc.u32 %r0, 0, %p0;", lanes: 64);
        Gives(_ => 0, third + "barrier.red.and.pred %p1, 0, %p0; selp.b32 %r0, 1, 0, %p1;", lanes: 64);
        Gives(_ => 1, third + "bar.red.or.pred %p1, 0, %p0; selp.b32 %r0, 1, 0, %p1;", lanes: 64);
    }

    [Fact]
    public void SharedMemoryIsExchangedAcrossABarrier() => Gives(lane => 63 - lane, """
        mov.u32 %r1, block;
        mad.lo.u32 %r1, %lane, 4, %r1;
        st.shared.u32 [%r1], %lane;
        bar.sync 0;
        mov.u32 %r2, block;
        sub.u32 %r3, 63, %lane;
        mad.lo.u32 %r2, %r3, 4, %r2;
        ld.shared.u32 %r0, [%r2];
        """, lanes: 64, declarations: ".shared .align 4 .b32 block[64];");

    [Fact]
    public void ALaneWaitsForWhatAnotherOneWrites() => Gives(_ => 7, """
        setp.ne.u32 %p0, %lane, 31;
        @%p0 bra WAIT;
        st.volatile.global.u32 [%in+512], 7;
        WAIT:
        ld.volatile.global.u32 %r0, [%in+512];
        setp.ne.u32 %p1, %r0, 7;
        @%p1 bra WAIT;
        """);

    [Fact]
    public void ALoopWithoutMemoryLetsOthersRun() => Gives(_ => 5000, """
        mov.b32 %r0, 0;
        AGAIN: add.u32 %r0, %r0, 1;
        setp.lt.u32 %p0, %r0, 5000;
        @%p0 bra.uni AGAIN;
        """);

    // Row r of matrix m is at 16 (8m + r); its number c is 100 (8m + r) + c.
    const string Matrices = """
        .shared .align 16 .b8 matrices[512];
        """;

    const string FillMatrices = """
        mov.u32 %r1, matrices;
        mad.lo.u32 %r1, %lane, 16, %r1;
        mul.lo.u32 %r2, %lane, 100;
        mov.b32 %r3, 0;
        FILL: add.u32 %r4, %r2, %r3;
        cvt.u16.u32 %h0, %r4;
        mad.lo.u32 %r5, %r3, 2, %r1;
        st.shared.u16 [%r5], %h0;
        add.u32 %r3, %r3, 1;
        setp.lt.u32 %p0, %r3, 8;
        @%p0 bra FILL;
        bar.warp.sync 0xffffffff;

        """;

    [Fact]
    public void LdmatrixSpreadsRows()
    {
        static long Pair(int low, int high) => high << 16 | low;
        Gives(lane => Pair(100 * (lane / 4) + lane % 4 * 2, 100 * (lane / 4) + lane % 4 * 2 + 1),
            FillMatrices + "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r0}, [%r1];", declarations: Matrices);
        Gives(lane => Pair(100 * (24 + lane / 4) + lane % 4 * 2, 100 * (24 + lane / 4) + lane % 4 * 2 + 1),
            FillMatrices + "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r6, %r7, %r8, %r0}, [%r1];",
            declarations: Matrices);
        Gives(lane => Pair(100 * (8 + lane % 4 * 2) + lane / 4, 100 * (8 + lane % 4 * 2 + 1) + lane / 4),
            FillMatrices + "ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%r6, %r0}, [%r1];", declarations: Matrices);
    }

    // A is all ones, B has the lane's group in each column, C is 0.5: each number is 8 times its column and a half.
    [Fact]
    public void MmaMultiplies() => Gives(lane => BitConverter.SingleToUInt32Bits(8 * (lane % 4 * 2) + 0.5f), """
        mov.b32 %r1, 0f3F800000;
        shr.u32 %r2, %lane, 2;
        cvt.rn.f32.u32 %f1, %r2;
        mov.b32 %r3, %f1;
        mov.f32 %f2, 0f3F000000;
        mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f4, %f5, %f6, %f7}, {%r1, %r1, %r1, %r1}, {%r3, %r3}, {%f2, %f2, %f2, %f2};
        mov.b32 %r0, %f4;
        """);

    [Fact]
    public void AtomicsOfAllLanesAreOneAfterTheOther()
    {
        var atomics = new (string Instruction, string Value, uint Expected)[]
        {
            ("add.u32", "%lane", 496), ("max.s32", "%lane", 31), ("min.u32", "%lane", 0), ("or.b32", "%lane", 31),
            ("xor.b32", "%lane", 0),
            ("and.b32", "%lane", 0), ("inc.u32", "9", 2), ("dec.u32", "9", 8),
            ("add.noftz.f16x2", "0x3c003c00", 0x50005000),
        };
        foreach (var (instruction, value, expected) in atomics)
            Gives(_ => expected, Zero
                + $"red.shared.{instruction} [sum], {value}; bar.sync 0; ld.shared.u32 %r0, [sum];", declarations: Sum);
        Assert.Equal(Enumerable.Range(0, Warp).Select(lane => (uint)lane),
            Run(Zero + "atom.shared.add.u32 %r0, [sum], 1;", declarations: Sum).Order());
        Assert.Equal(1,
            Run(Zero + "atom.shared.cas.b32 %r0, [sum], 0, 5;", declarations: Sum).Count(value => value == 0));
        Assert.Equal(Warp,
            Run(Zero + "add.u32 %r1, %lane, 1; atom.acq_rel.cta.shared.exch.b32 %r0, [sum], %r1;", declarations: Sum)
                .Distinct().Count());
    }

    const string Sum = ".shared .align 4 .b32 sum;", Zero = "st.shared.u32 [sum], 0; bar.sync 0; ";

    [Fact]
    public void ALaunchWithoutClustersHasClustersOfOneBlock() =>
        Gives(_ => 10, "mov.u32 %r0, %cluster_nctarank; mov.u32 %r1, %cluster_ctarank; mad.lo.u32 %r0, %r0, 10, %r1;");

    [Fact]
    public void AClustersBarrierOfOneBlock() => Gives(lane => 63 - lane, """
        mov.u32 %r1, block;
        mad.lo.u32 %r1, %lane, 4, %r1;
        st.shared.u32 [%r1], %lane;
        barrier.cluster.arrive.release.aligned;
        barrier.cluster.wait.acquire.aligned;
        mov.u32 %r2, block;
        sub.u32 %r3, 63, %lane;
        mad.lo.u32 %r2, %r3, 4, %r2;
        ld.shared.u32 %r0, [%r2];
        """, lanes: 64, declarations: ".shared .align 4 .b32 block[64];");

    [Fact]
    public void LanesThatMeetInDifferentOperationsAreFound() => Faults($"""
        setp.lt.u32 %p0, %lane, 16;
        @%p0 bra LOW;
        bar.warp.sync {Everyone};
        bra DONE;
        LOW: shfl.sync.idx.b32 %r0, %lane, 0, 0x1f, {Everyone};
        DONE:
        """, "different warp operations");

    [Fact]
    public void ABarrierOfAPartOfTheBlockIsNotTaken() =>
        Faults("bar.sync 0, 16;", "a part of the block", "bar.sync 0, 16;");
}
