namespace LdNetGpu.Autograd;

/// <summary>
/// Owns every tensor made on this thread while it is the innermost open scope, and gives their memory back to the
/// device's cache when it ends. One scope a training step keeps memory flat; no finaliser takes part.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic] static TensorScope? current;
    readonly TensorScope? outer = current;
    readonly HashSet<IDisposable> owned = [];
    bool ended;

    /// <summary>Opens a scope on this thread, within the one that is open.</summary>
    public TensorScope() => current = this;

    internal static TensorScope? Current => current;

    internal void Own(IDisposable resource) => owned.Add(resource);

    /// <summary>
    /// Lets a tensor outlive this scope: the surrounding scope owns it now, or nobody, and then its user disposes of
    /// it.
    /// </summary>
    /// <param name="tensor">A view keeps its root.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public Tensor<T> Keep<T>(Tensor<T> tensor) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(ended, this);
        if (owned.Remove(tensor.Storage)) outer?.Own(tensor.Storage);
        return tensor;
    }

    /// <summary>Gives back the memory of all that the scope owns.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open.</exception>
    public void Dispose()
    {
        if (ended) return;
        if (current != this)
            throw new InvalidOperationException(
                "TensorScope: ended while a scope opened later is still open; end scopes in reverse order (using).");
        ended = true;
        current = outer;
        foreach (var resource in owned) resource.Dispose();
        owned.Clear();
    }
}
