using ILGPU;

namespace LdNetGpu.Dialect;

public static partial class Cuda
{
    /// <summary>
    /// Copies from global to shared memory that run while the lane goes on (cp.async). Needs compute capability 8.0.
    /// What a lane copied is there for itself after <see cref="Wait"/>, and for the group after a barrier that follows;
    /// until then nobody may touch the destination. Both ends lie on multiples of the copy's bytes.
    /// </summary>
    public static class AsyncCopy
    {
        /// <summary>
        /// 4 bytes from source[from] on to destination[to] on: the first <paramref name="count"/> elements, zeros in
        /// place of the rest.
        /// </summary>
        /// <param name="destination">In shared memory.</param>
        /// <param name="to">Its first element that is written.</param>
        /// <param name="source">In global memory.</param>
        /// <param name="from">Its first element that is read.</param>
        /// <param name="count">Elements to read, 0 to all that the copy's bytes hold.</param>
        /// <exception cref="InvalidOperationException">Called outside a kernel.</exception>
        public static void Bytes4<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count)
            where T : unmanaged => throw KernelOnly.Call();

        /// <summary>8 bytes; as <see cref="Bytes4"/>.</summary>
        /// <inheritdoc cref="Bytes4"/>
        public static void Bytes8<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count)
            where T : unmanaged => throw KernelOnly.Call();

        /// <summary>16 bytes, not kept in the first-level cache; as <see cref="Bytes4"/>.</summary>
        /// <inheritdoc cref="Bytes4"/>
        public static void Bytes16<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count)
            where T : unmanaged => throw KernelOnly.Call();

        /// <summary>Makes the lane's copies since the last call one group; it may be empty.</summary>
        /// <exception cref="InvalidOperationException">Called outside a kernel.</exception>
        public static void Commit() => throw KernelOnly.Call();

        /// <summary>
        /// Waits until at most the <paramref name="pending"/> (a constant) youngest of the lane's groups still run.
        /// </summary>
        /// <param name="pending">0 waits for all of them.</param>
        /// <exception cref="InvalidOperationException">Called outside a kernel.</exception>
        public static void Wait(int pending) => throw KernelOnly.Call();
    }
}
