namespace LdNetGpu.Dialect;

/// <summary>
/// Has the source generator write a kernel's adjoint: beside <c>Name</c> the kernel <c>NameBackward</c>, the operation
/// <c>ApplyName</c> on tensors, and <c>CheckName</c>, which holds its gradients against central differences and dual
/// numbers. For kernels over an <see cref="ILGPU.Index1D"/> or <see cref="ILGPU.Index2D"/>, generic in their number;
/// what has no adjoint is a build error.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DifferentiableAttribute : Attribute;
