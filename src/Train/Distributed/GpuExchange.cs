using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Nccl;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Train.Distributed;

/// <summary>What ranks exchange from GPU to GPU, by NCCL, watched by the link that has brought them together.</summary>
sealed unsafe class GpuExchange : IDisposable
{
    const int Alignment = 16;

    readonly WatchedLink link;
    readonly NvidiaDevice device;
    readonly NcclCommunicator gpus;
    readonly nint gathered;
    nint memory, host;
    long hostBytes;

    /// <summary>Joins the ranks' GPUs.</summary>
    /// <param name="link">Whose ranks they are.</param>
    /// <param name="nccl">The library.</param>
    /// <param name="device">This rank's GPU.</param>
    /// <param name="id">The same on every rank.</param>
    /// <exception cref="UserException">NCCL does not join them.</exception>
    public GpuExchange(WatchedLink link, NcclApi nccl, NvidiaDevice device, NcclUniqueId id)
    {
        (this.link, this.device) = (link, device);
        gpus = new(nccl, device, id, link.Rank, link.Size);
        link.Gpus = gpus;
        gathered = gpus.NewEvent();
        Name = $"NCCL {nccl.Version}";
    }

    /// <summary><c>NCCL 2.27.3</c>.</summary>
    public string Name { get; }

    /// <summary>Memory for numbers that the GPUs add up.</summary>
    /// <param name="gradients">Numbers of the device.</param>
    /// <param name="words">Numbers of the host.</param>
    public IRankSum NewSum(int gradients, int words) => new Sum(this, gradients, words);

    /// <summary>Brings together what each rank has, and waits for it.</summary>
    /// <param name="mine">Of this rank.</param>
    /// <param name="all">Gets those of rank 0, of rank 1, ...</param>
    /// <param name="lengths">Of each.</param>
    /// <exception cref="RankFailedException">A rank is gone.</exception>
    public void Gather(ReadOnlySpan<byte> mine, Span<byte> all, int[] lengths)
    {
        // NCCL brings together parts of one length.
        var part = (lengths.Max() + Alignment - 1L) / Alignment * Alignment;
        if (part == 0) return;
        Reserve(part * link.Size, part * (link.Size + 1));
        mine.CopyTo(new Span<byte>((void*)host, mine.Length));
        link.BeginOnGpus(() => gpus.Gather(host, memory, part, gathered));
        link.WaitForGpus(() => gpus.Wait(gathered));
        for (int rank = 0, start = 0; rank < lengths.Length; start += lengths[rank++])
            new ReadOnlySpan<byte>((byte*)host + rank * part, lengths[rank]).CopyTo(all[start..]);
    }

    public void Dispose()
    {
        link.Gpus = null;
        if (link.HasFailed) gpus.Abort();
        gpus.Free(memory, host, gathered);
        gpus.Dispose();
    }

    void Reserve(long onHost, long onDevice)
    {
        if (onHost <= hostBytes) return;
        gpus.Free(memory, host, 0);
        (memory, host, hostBytes) = (0, 0, 0);
        (memory, host) = (gpus.Allocate(onDevice), gpus.AllocateHost(onHost));
        hostBytes = onHost;
    }

    /// <summary>Gradients side by side on the device; the numbers that travel are beside NCCL.</summary>
    sealed class Sum : IRankSum
    {
        readonly GpuExchange exchange;
        readonly NcclCommunicator gpus;
        readonly DeviceBuffer<float> packed;
        readonly CudaEvent isPacked;
        readonly nint numbers, host, isAdded;
        readonly int gradients, words;

        public Sum(GpuExchange exchange, int gradients, int words)
        {
            (this.exchange, gpus, this.gradients, this.words) = (exchange, exchange.gpus, gradients, words);
            packed = exchange.device.Allocate<float>(Math.Max(1, gradients));
            isPacked = new(exchange.device, isTimed: false);
            numbers = gpus.Allocate((long)Count * sizeof(float));
            host = gpus.AllocateHost((long)words * sizeof(float));
            isAdded = gpus.NewEvent();
        }

        public int Count => checked(gradients + words);

        public Span<float> Words => new((void*)host, words);

        long Bytes => (long)gradients * sizeof(float);

        nint Packed => NvidiaDevice.AddressOf(packed.View);

        public void Pack(int start, Parameter<float> parameter)
        {
            var place = PlaceOf(start, parameter);
            var gradient = parameter.Gradient;
            if (gradient.IsNone) parameter.Backend.Elementwise.Fill(place, 0);
            else parameter.Backend.Elementwise.Copy(gradient, place);
        }

        public void Begin() => exchange.link.BeginOnGpus(() =>
        {
            gpus.Take(Packed, numbers, Bytes, isPacked);
            gpus.Add(numbers, Count, host, words, isAdded);
        });

        public void Follow() => gpus.Give(isAdded, numbers, Packed, Bytes);

        public void Unpack(int start, Parameter<float> parameter) => parameter.SetGradient(PlaceOf(start, parameter));

        public void Wait() => exchange.link.WaitForGpus(() => gpus.Wait(isAdded));

        public void Dispose()
        {
            gpus.Free(numbers, host, isAdded);
            isPacked.Dispose();
            packed.Dispose();
        }

        MatrixView<float> PlaceOf(int start, Parameter<float> parameter)
        {
            var (rows, columns) = (parameter.Shape.Rows, parameter.Shape.Columns);
            return new(packed, start, rows, columns, columns);
        }
    }
}
