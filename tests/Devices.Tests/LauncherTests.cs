using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;

namespace LdNetGpu.Tests;

/// <summary>Which launcher started a process, by the variables that each sets.</summary>
public sealed class LauncherTests
{
    [Fact]
    public void WithoutVariablesThereIsNone() => Assert.Null(Of([]));

    [Fact]
    public void OpenMpi() => Assert.Equal(new(LauncherKind.OpenMpi, "Open MPI", 3, 4, 1), Of(new()
    {
        ["OMPI_COMM_WORLD_RANK"] = "3", ["OMPI_COMM_WORLD_SIZE"] = "4", ["OMPI_COMM_WORLD_LOCAL_RANK"] = "1",
    }));

    [Fact]
    public void Mpich() => Assert.Equal(new(LauncherKind.Pmi, "MPICH", 2, 4, 2), Of(new()
    {
        ["PMI_RANK"] = "2", ["PMI_SIZE"] = "4", ["MPI_LOCALRANKID"] = "2",
    }));

    [Fact]
    public void Slurm()
    {
        Assert.Equal(new(LauncherKind.Pmi, "Slurm", 5, 8, 1), Of(new()
        {
            ["SLURM_STEP_ID"] = "0", ["PMI_RANK"] = "5", ["PMI_SIZE"] = "8", ["SLURM_LOCALID"] = "1",
        }));
        Assert.Equal(new(LauncherKind.OpenMpi, "Slurm", 5, 8, 1), Of(new()
        {
            ["SLURM_STEP_ID"] = "0", ["PMIX_RANK"] = "5", ["SLURM_NTASKS"] = "8", ["SLURM_LOCALID"] = "1",
        }));
    }

    [Fact]
    public void Torchrun() => Assert.Equal(new(LauncherKind.Torchrun, "torchrun", 1, 2, 1), Of(new()
    {
        ["RANK"] = "1", ["WORLD_SIZE"] = "2", ["LOCAL_RANK"] = "1",
    }));

    [Fact]
    public void SlurmWithoutPmi()
    {
        Dictionary<string, string> srun = new()
        {
            ["SLURM_STEP_ID"] = "0", ["SLURM_PROCID"] = "5", ["SLURM_STEP_NUM_TASKS"] = "8", ["SLURM_LOCALID"] = "1",
        };
        Assert.Equal(new(LauncherKind.SlurmWithoutPmi, "srun without PMI", 5, 8, 1), Of(srun));
        Assert.Null(Of(new(srun) { ["SLURM_PROCID"] = "0", ["SLURM_STEP_NUM_TASKS"] = "1" }));
        Assert.Equal(LauncherKind.Torchrun, Of(new(srun) { ["RANK"] = "1", ["WORLD_SIZE"] = "2" })!.Kind);
        Assert.Equal(LauncherKind.Pmi, Of(new(srun) { ["PMI_RANK"] = "1", ["PMI_SIZE"] = "8" })!.Kind);
    }

    [Fact]
    public void MpirunIsBeforeTorchrunsVariables() => Assert.Equal(LauncherKind.Pmi, Of(new()
    {
        ["RANK"] = "1", ["WORLD_SIZE"] = "2", ["PMI_RANK"] = "0", ["PMI_SIZE"] = "2",
    })!.Kind);

    [Theory, InlineData("x", "2", "PMI_RANK=x"), InlineData("2", "2", "PMI_SIZE=2")]
    [InlineData("-1", "2", "PMI_RANK=-1"), InlineData("0", "0", "PMI_SIZE=0")]
    public void WhatCannotBeIsSaid(string rank, string size, string said) => Assert.Contains(said,
        Assert.Throws<UserException>(() => Of(new() { ["PMI_RANK"] = rank, ["PMI_SIZE"] = size })).Message,
        StringComparison.Ordinal);

    [Theory, InlineData("RANK", "WORLD_SIZE is not"), InlineData("WORLD_SIZE", "RANK is not")]
    public void WhatTorchrunSetsTogetherIsNotHalfThere(string only, string said)
    {
        Assert.Contains(said, Assert.Throws<UserException>(() => Of(new() { [only] = "1", ["MASTER_ADDR"] = "gpu1" }))
            .Message, StringComparison.Ordinal);
        Assert.Null(Of(new() { [only] = "1" }));
    }

    static Launcher? Of(Dictionary<string, string> variables) => Launcher.Detect(variables.GetValueOrDefault);
}
