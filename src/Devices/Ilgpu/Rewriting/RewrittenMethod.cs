using System.Globalization;
using System.Reflection;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>A method, or a constructor, as ILGPU is to read it: with another body.</summary>
/// <remarks>ILGPU knows a method by reference, so that there must be one of these for each.</remarks>
sealed class RewrittenMethod(MethodBase method, byte[] body) : MethodInfo
{
    public override string Name => method.Name;
    public override Type? DeclaringType => method.DeclaringType;
    public override Type? ReflectedType => method.ReflectedType;
    public override Module Module => method.Module;
    public override int MetadataToken => method.MetadataToken;
    public override MethodAttributes Attributes => method.Attributes;
    public override CallingConventions CallingConvention => method.CallingConvention;
    public override RuntimeMethodHandle MethodHandle => method.MethodHandle;
    public override bool IsGenericMethod => method.IsGenericMethod;
    public override Type ReturnType => method is MethodInfo function ? function.ReturnType : typeof(void);
    public override ICustomAttributeProvider ReturnTypeCustomAttributes =>
        ((MethodInfo)method).ReturnTypeCustomAttributes;

    public override MethodBody GetMethodBody() => new Body(method.GetMethodBody()!, body);
    public override ParameterInfo[] GetParameters() => method.GetParameters();
    public override Type[] GetGenericArguments() => method is MethodInfo ? method.GetGenericArguments() : [];
    public override MethodInfo GetBaseDefinition() => this;
    public override MethodImplAttributes GetMethodImplementationFlags() => method.GetMethodImplementationFlags();
    public override object[] GetCustomAttributes(bool inherit) => method.GetCustomAttributes(inherit);
    public override object[] GetCustomAttributes(Type type, bool inherit) => method.GetCustomAttributes(type, inherit);
    public override IList<CustomAttributeData> GetCustomAttributesData() => method.GetCustomAttributesData();
    public override bool IsDefined(Type type, bool inherit) => method.IsDefined(type, inherit);

    public override object? Invoke(object? self, BindingFlags flags, Binder? binder, object?[]? arguments,
        CultureInfo? culture) =>
        method.Invoke(self, flags, binder, arguments, culture);

    public override string ToString() => method.ToString()!;

    sealed class Body(MethodBody inner, byte[] body) : MethodBody
    {
        public override int LocalSignatureMetadataToken => inner.LocalSignatureMetadataToken;
        public override IList<LocalVariableInfo> LocalVariables =>
            [.. inner.LocalVariables, .. BodyRewriter.MoreVariables(inner.LocalVariables.Count)];
        public override int MaxStackSize => inner.MaxStackSize + BodyRewriter.MoreStack;
        public override bool InitLocals => inner.InitLocals;
        public override IList<ExceptionHandlingClause> ExceptionHandlingClauses => inner.ExceptionHandlingClauses;
        public override byte[] GetILAsByteArray() => body;
    }
}
