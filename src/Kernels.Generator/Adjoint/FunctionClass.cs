using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// On the host: the operation on tensors that a differentiable kernel and its adjoint make, and its gradient check.
/// </summary>
sealed class FunctionClass
{
    const string Autograd = "global::LdNetGpu.Autograd.", Backend = "global::LdNetGpu.Kernels.DeviceBackend";

    readonly AdjointKernel adjoint;
    readonly HostShapes shapes;
    readonly IReadOnlyList<Operand> given, constants;
    readonly IReadOnlyList<ViewOperand> inputs, outputs;
    readonly string name, number, access, constraints, tensor;

    public FunctionClass(AdjointKernel adjoint)
    {
        this.adjoint = adjoint;
        shapes = new(adjoint);
        (inputs, outputs) = ([.. adjoint.Inputs], [.. adjoint.Outputs]);
        given = [.. adjoint.Operands.Where(operand => !outputs.Any(output => output.Operand == operand))];
        constants = [.. given.Where(operand => !IsTensor(operand))];
        var method = adjoint.Kernel.Method;
        (name, number) = (method.Name, method.TypeParameters[0].Name);
        access = method.DeclaredAccessibility == Accessibility.Public ? "public" : "internal";
        constraints = LaunchMethod.Constraints(method.TypeParameters);
        tensor = $"{Autograd}Tensor<{number}>";
    }

    public string Text()
    {
        var lines = new Lines();
        Apply(lines);
        lines.Add("");
        Function(lines);
        lines.Add("");
        Check(lines);
        return "\n" + lines.Text("    ");
    }

    bool IsTensor(Operand operand) => adjoint.Views.Any(view => view.Operand == operand);

    string Type(Operand operand) => IsTensor(operand) ? tensor
        : operand.Type.IsView() ? Autograd + "IntTensor" : operand.Type.ToDisplayString(Symbols.FullyQualified);

    string Declared => string.Join(", ", given.Select(operand => $"{Type(operand)} {operand.Name}"));

    static string Named(IEnumerable<Operand> operands) => string.Join(", ", operands.Select(operand => operand.Name));

    string InputNames => Named(inputs.Select(view => view.Operand));

    void Apply(Lines lines)
    {
        var result = outputs.Count == 1 ? tensor
            : $"({string.Join(", ", outputs.Select(view => $"{tensor} {Pascal(view.Name)}"))})";
        var body = new Lines();
        foreach (var operand in given.Where(operand => IsTensor(operand) || operand.Type.IsView()))
            body.Add($"global::System.ArgumentNullException.ThrowIfNull({operand.Name});");
        body.Add($"var outputs = new {name}Function<{number}>({Named(given)}).Apply();");
        body.Add(outputs.Count == 1 ? "return outputs[0];"
            : $"return ({string.Join(", ", outputs.Select((_, i) => Invariant($"outputs[{i}]")))});");
        lines.Add($"/// <summary>{name} on tensors, with gradients of {InputNames}.</summary>");
        lines.Block($"{access} static {result} Apply{name}<{number}>({Declared}){constraints}", body);
    }

    void Function(Lines lines)
    {
        var body = new Lines();
        foreach (var kept in outputs.Select(view => view.Name).Concat(adjoint.Kept.Select(carry => carry.Saved!)))
            body.Add($"{tensor} {kept} = null!;");
        body.Add("");
        body.Add($"public override string Name => \"{name}\";");
        body.Add("");
        body.Block($"protected override {tensor}[] Forward()", Forward());
        body.Add("");
        body.Block("protected override void Backward()", Backward());
        lines.Block($"sealed class {name}Function<{number}>({Declared})\n    "
            + $"    : {Autograd}Function<{number}>({InputNames}){constraints}", body);
    }

    Lines Forward()
    {
        var lines = new Lines();
        foreach (var line in shapes.Extent().Concat(shapes.Requirements())) lines.Add(line);
        foreach (var output in outputs)
            lines.Add($"{output.Name} = {Autograd}Tensor.Empty(Backend, {shapes.Output(output)});");
        foreach (var carry in adjoint.Kept) lines.Add($"{carry.Saved} = Save(1, IsRecording ? lanes : 0);");
        var arguments = Arguments(adjoint.Kernel.Method.Parameters.Skip(1));
        if (adjoint.Kept.Count == 0) lines.Add($"if ({shapes.IsAny}) {Launch(name, arguments)}");
        else
        {
            lines.Add($"if ({shapes.IsAny} && IsRecording) {Launch(adjoint.Forward, arguments.Concat(Kept))}");
            lines.Add($"else if ({shapes.IsAny}) {Launch(name, arguments)}");
        }
        lines.Add($"return [{string.Join(", ", outputs.Select(view => view.Name))}];");
        return lines;
    }

    Lines Backward()
    {
        var lines = new Lines();
        foreach (var line in shapes.Extent()) lines.Add(line);
        var arguments = Arguments(adjoint.Forwarded).Concat(Kept)
            .Concat(outputs.Select(view => Shaped(view, $"GradientOf({view.Name})"))).ToList();
        foreach (var gradient in adjoint.InputGradients.Values)
        {
            var view = gradient.View.Name;
            if (gradient.Unit is { } unit)
            {
                lines.Add($"using var {gradient.Name} = "
                    + $"Rent(Needs({view}) ? {shapes.Host(unit.Count)} : 0, (int){view}.Shape.Count);");
                lines.Add($"Backend.Elementwise.Fill({gradient.Name}.View, {number}.Zero);");
                arguments.Add($"{gradient.Name}.View.Contiguous");
                arguments.Add($"(int){view}.Shape.Count");
            }
            else
            {
                lines.Add($"var {gradient.Name} = {Shaped(gradient.View, $"GradientToAddTo({view})")};");
                arguments.Add(gradient.Name);
            }
        }
        lines.Add($"if ({shapes.IsAny}) {Launch(adjoint.Name, arguments)}");
        foreach (var gradient in adjoint.InputGradients.Values.Where(gradient => gradient.IsSummed))
            lines.Block($"if (Needs({gradient.View.Name}))", Summed(gradient));
        return lines;
    }

    static Lines Summed(InputGradient gradient)
    {
        var lines = new Lines();
        lines.Add($"var total = GradientFor({gradient.View.Name}, out var accumulate);");
        lines.Add($"Backend.Reduction.SumRows({gradient.Name}.View, "
            + "total.Reshape(1, (int)total.Count), accumulate);");
        return lines;
    }

    string Launch(string kernel, IEnumerable<string> arguments) =>
        $"Launch{kernel}<{number}>(Gpu, extent, {string.Join(", ", arguments)});";

    IEnumerable<string> Kept => adjoint.Kept.Select(carry => $"{carry.Saved}.View.Contiguous");

    // A struct is put together again.
    IEnumerable<string> Arguments(IEnumerable<IParameterSymbol> parameters) => parameters.Select(parameter =>
    {
        var parts = adjoint.Operands
            .Where(operand => SymbolEqualityComparer.Default.Equals(operand.Parameter, parameter)).Select(Argument);
        return Operand.IsTakenApart(parameter)
            ? $"new {parameter.Type.ToDisplayString(Symbols.FullyQualified)}({string.Join(", ", parts)})"
            : parts.Single();
    });

    string Argument(Operand operand)
    {
        var view = adjoint.Views.FirstOrDefault(view => view.Operand == operand);
        return view is not null ? Shaped(view, $"{view.Name}.View")
            : operand.Type.IsView() ? $"{operand.Name}.View.Array" : operand.Name;
    }

    static string Shaped(ViewOperand view, string matrix) => view.IsMatrix ? matrix : matrix + ".Contiguous";

    // What is no tensor is given to the check: numbers as double, which become what it computes in.
    void Check(Lines lines)
    {
        string Parameter(Operand operand) => (operand.Type is ITypeParameterSymbol ? "double"
            : operand.Type.IsView() ? "int[]" : Type(operand)) + " " + operand.Name;
        var declared = constants.Select(Parameter).ToList();
        var list = string.Join(", ", new[] { $"{Backend}<double> backend" }.Concat(declared)
            .Append($"{Autograd}GradientCheckOptions? options = null"));
        lines.Add($"/// <summary>Holds {name}'s gradients against central differences and dual numbers, on "
            + $"{shapes.CheckedLanes}.</summary>");
        lines.Add($"{access} static {Autograd}GradientCheckReport Check{name}({list}) =>");
        var check = $"new {name}Check({Named(constants)})";
        lines.Add($"    {Autograd}GradientCheck.Run(\"{name}\", backend, {check}, options);");
        lines.Add("");
        var outputs = new Lines();
        foreach (var line in shapes.CheckedExtent()) outputs.Add(line);
        outputs.Add($"return new {name}Function<{number}>({string.Join(", ", given.Select(Checked))}).Apply();");
        var body = new Lines();
        body.Block($"public global::System.Collections.Generic.IReadOnlyList<{tensor}> Outputs<{number}>("
            + $"{Backend}<{number}> backend, {Autograd}GradientInput<{number}> input){constraints}", outputs);
        lines.Block($"sealed class {name}Check({string.Join(", ", declared)}) : {Autograd}IDifferentiable", body);
    }

    string Checked(Operand operand)
    {
        var view = adjoint.Views.FirstOrDefault(view => view.Operand == operand);
        return view is not null ? $"input(\"{view.Name}\", {shapes.Checked(view)})"
            : operand.Type is ITypeParameterSymbol ? $"{number}.CreateTruncating({operand.Name})"
            : operand.Type.IsView() ? $"new {Autograd}IntTensor(backend.Device, {operand.Name})" : operand.Name;
    }

    static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
