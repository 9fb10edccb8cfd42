using System.Text;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// On the host: the operation on tensors that a differentiable kernel and its adjoint make, and its gradient check.
/// </summary>
sealed class FunctionClass(AdjointKernel adjoint)
{
    const string Autograd = "global::LdNetGpu.Autograd.";

    readonly HostShapes shapes = new(adjoint);

    IMethodSymbol Kernel => adjoint.Kernel.Method;

    string Number => Kernel.TypeParameters[0].Name;

    string Access => Kernel.DeclaredAccessibility == Accessibility.Public ? "public" : "internal";

    string Constraints => LaunchMethod.Constraints(Kernel.TypeParameters);

    IEnumerable<IParameterSymbol> Given => Kernel.Parameters.Skip(1)
        .Where(parameter => !adjoint.Outputs.Any(output => output.Parameter.Name == parameter.Name));

    IEnumerable<IParameterSymbol> Constants => Given.Where(parameter => !IsTensor(parameter));

    bool IsTensor(IParameterSymbol parameter) => adjoint.Views.Any(view => view.Name == parameter.Name);

    string HostType(IParameterSymbol parameter) => IsTensor(parameter) ? $"{Autograd}Tensor<{Number}>"
        : parameter.Type.IsView() ? Autograd + "IntTensor" : parameter.Type.ToDisplayString(Symbols.FullyQualified);

    string Declared(IEnumerable<IParameterSymbol> parameters) =>
        string.Join(", ", parameters.Select(parameter => $"{HostType(parameter)} {parameter.Name}"));

    static string Named(IEnumerable<IParameterSymbol> parameters) =>
        string.Join(", ", parameters.Select(parameter => parameter.Name));

    public string Text()
    {
        var text = new StringBuilder();
        var function = Kernel.Name + "Function";
        var outputs = adjoint.Outputs.ToList();
        var result = outputs.Count == 1 ? $"{Autograd}Tensor<{Number}>"
            : $"({string.Join(", ", outputs.Select(view => $"{Autograd}Tensor<{Number}> {Pascal(view.Name)}"))})";
        text.Append($"\n    /// <summary>{Kernel.Name} on tensors, with gradients of {Named(adjoint.Inputs.Select(view => view.Parameter))}.</summary>\n");
        text.Append($"    {Access} static {result} Apply{Kernel.Name}<{Number}>({Declared(Given)}){Constraints}\n    {{\n");
        foreach (var parameter in Given.Where(parameter => IsTensor(parameter) || parameter.Type.IsView()))
            text.Append($"        global::System.ArgumentNullException.ThrowIfNull({parameter.Name});\n");
        text.Append($"        var outputs = new {function}<{Number}>({Named(Given)}).Apply();\n");
        text.Append(outputs.Count == 1 ? "        return outputs[0];\n"
            : $"        return ({string.Join(", ", outputs.Select((_, i) => Invariant($"outputs[{i}]")))});\n");
        text.Append("    }\n\n");
        text.Append($"    sealed class {function}<{Number}>({Declared(Given)})\n"
            + $"        : {Autograd}Function<{Number}>({Named(adjoint.Inputs.Select(view => view.Parameter))}){Constraints}\n    {{\n");
        foreach (var name in outputs.Select(view => view.Name).Concat(adjoint.Kept.Select(carry => carry.Saved!)))
            text.Append($"        {Autograd}Tensor<{Number}> {name} = null!;\n");
        text.Append($"\n        public override string Name => \"{Kernel.Name}\";\n");
        Forward(text, outputs);
        Backward(text);
        text.Append("    }\n");
        Check(text, function);
        return text.ToString();
    }

    void Forward(StringBuilder text, List<ViewOperand> outputs)
    {
        text.Append($"\n        protected override {Autograd}Tensor<{Number}>[] Forward()\n        {{\n");
        text.Append(shapes.Extent("            "));
        foreach (var line in shapes.Requirements()) text.Append("            ").Append(line).Append('\n');
        foreach (var output in outputs)
            text.Append($"            {output.Name} = {Autograd}Tensor.Empty(Backend, {shapes.Output(output)});\n");
        foreach (var carry in adjoint.Kept)
            text.Append($"            {carry.Saved} = Save(1, IsRecording ? lanes : 0);\n");
        var arguments = Kernel.Parameters.Skip(1).Select(Argument).ToList();
        if (adjoint.Kept.Count > 0)
        {
            var kept = arguments.Concat(adjoint.Kept.Select(carry => $"{carry.Saved}.View.Contiguous"));
            text.Append($"            if ({shapes.IsAny} && IsRecording)\n                Launch{adjoint.Forward}<{Number}>(Gpu, extent, {string.Join(", ", kept)});\n");
            text.Append($"            else if ({shapes.IsAny})\n");
        }
        else text.Append($"            if ({shapes.IsAny})\n");
        text.Append($"                Launch{Kernel.Name}<{Number}>(Gpu, extent, {string.Join(", ", arguments)});\n");
        text.Append($"            return [{string.Join(", ", outputs.Select(view => view.Name))}];\n        }}\n");
    }

    string Argument(IParameterSymbol parameter)
    {
        var view = adjoint.Views.FirstOrDefault(view => view.Name == parameter.Name);
        return view is null ? parameter.Type.IsView() ? $"{parameter.Name}.View.Array" : parameter.Name
            : view.IsMatrix ? $"{view.Name}.View" : $"{view.Name}.View.Contiguous";
    }

    void Backward(StringBuilder text)
    {
        text.Append("\n        protected override void Backward()\n        {\n");
        text.Append(shapes.Extent("            "));
        var arguments = adjoint.Forwarded.Select(Argument)
            .Concat(adjoint.Kept.Select(carry => $"{carry.Saved}.View.Contiguous"))
            .Concat(adjoint.Outputs.Select(view => Shaped(view, $"GradientOf({view.Name})"))).ToList();
        foreach (var input in adjoint.InputGradients.Values)
        {
            var view = input.View.Name;
            if (input.Unit is { } unit)
            {
                text.Append($"            using var {input.Name} = Rent(Needs({view}) ? {unit.Count} : 0, (int){view}.Shape.Count);\n");
                text.Append($"            Backend.Elementwise.Fill({input.Name}.View, {Number}.Zero);\n");
                arguments.Add($"{input.Name}.View.Contiguous, (int){view}.Shape.Count");
            }
            else
            {
                text.Append($"            var {input.Name} = {Shaped(input.View, $"GradientToAddTo({view})")};\n");
                arguments.Add(input.Name);
            }
        }
        text.Append($"            if ({shapes.IsAny})\n                Launch{adjoint.Name}<{Number}>(Gpu, extent, {string.Join(", ", arguments)});\n");
        foreach (var input in adjoint.InputGradients.Values.Where(input => input.IsSummed))
        {
            var view = input.View.Name;
            text.Append($"            if (Needs({view}))\n            {{\n"
                + $"                var total = GradientFor({view}, out var accumulate);\n"
                + $"                Backend.Reduction.SumRows({input.Name}.View, total.Reshape(1, (int)total.Count), accumulate);\n"
                + "            }\n");
        }
        text.Append("        }\n");
    }

    static string Shaped(ViewOperand view, string gradient) => view.IsMatrix ? gradient : gradient + ".Contiguous";

    // Numbers become what the check computes in.
    void Check(StringBuilder text, string function)
    {
        var constants = Constants.ToList();
        string Parameter(IParameterSymbol parameter) =>
            $"{(parameter.Type is ITypeParameterSymbol ? "double" : parameter.Type.IsView() ? "int[]" : HostType(parameter))} {parameter.Name}";
        var declared = string.Join(", ", constants.Select(Parameter));
        text.Append($"\n    /// <summary>Holds the gradients of {Kernel.Name} against central differences and dual numbers.</summary>\n");
        text.Append($"    {Access} static {Autograd}GradientCheckReport Check{Kernel.Name}(global::LdNetGpu.Kernels.DeviceBackend<double> backend"
            + $"{(declared.Length > 0 ? ", " + declared : "")}, {Autograd}GradientCheckOptions? options = null) =>\n"
            + $"        {Autograd}GradientCheck.Run(\"{Kernel.Name}\", backend, new {Kernel.Name}Check({Named(constants)}), options);\n");
        text.Append($"\n    sealed class {Kernel.Name}Check({declared}) : {Autograd}IDifferentiable\n    {{\n");
        text.Append($"        public global::System.Collections.Generic.IReadOnlyList<{Autograd}Tensor<{Number}>> Outputs<{Number}>(\n"
            + $"            global::LdNetGpu.Kernels.DeviceBackend<{Number}> backend, {Autograd}GradientInput<{Number}> input){Constraints.Replace("where", "\n            where")}\n        {{\n");
        text.Append(shapes.CheckedExtent("            "));
        var arguments = Given.Select(parameter => adjoint.Views.FirstOrDefault(view => view.Name == parameter.Name) is { } view
            ? $"input(\"{view.Name}\", {shapes.Checked(view)})"
            : parameter.Type is ITypeParameterSymbol ? $"{Number}.CreateTruncating({parameter.Name})"
            : parameter.Type.IsView() ? $"new {Autograd}IntTensor(backend.Device, {parameter.Name})" : parameter.Name);
        text.Append($"            return new {function}<{Number}>({string.Join(", ", arguments)}).Apply();\n        }}\n    }}\n");
    }

    static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
