using System.Numerics;
using LdNetGpu.Model.Protobuf;

namespace LdNetGpu.Model.Onnx;

/// <summary>Types of elements, numbered as onnx.proto's <c>TensorProto.DataType</c>.</summary>
enum OnnxType
{
    Float = 1,
    Int64 = 7,
    Bool = 9,
    Double = 11,
}

/// <summary>A graph while it is built: nodes in the order of their computation, each value by its name.</summary>
/// <param name="name">Of the graph.</param>
/// <param name="outer">The graph whose node runs this one; its values can be read here.</param>
sealed class OnnxGraph(string name, OnnxGraph? outer = null)
{
    // GraphProto, NodeProto, TensorProto, ValueInfoProto and below: the fields that are written.
    const int GraphNode = 1, GraphName = 2, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12;
    const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeOperator = 4, NodeAttribute = 5;
    const int TensorSize = 1, TensorType = 2, TensorName = 8, TensorValues = 9;
    const int ValueName = 1, ValueType = 2, TypeTensor = 1, TypeElement = 1, TypeShape = 2, ShapeSize = 1;
    const int SizeNumber = 1, SizeName = 2;

    readonly List<ProtobufMessage> nodes = [], constants = [], inputs = [], outputs = [];

    // Names are unique over a graph and those in it.
    readonly Dictionary<string, int> counts = outer?.counts ?? [];

    /// <summary>A value that is given to the graph.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="sizes">Names of sizes that differ from call to call, or numbers.</param>
    /// <returns>The name.</returns>
    public string Input(string input, OnnxType type, params IEnumerable<string> sizes)
    {
        inputs.Add(Value(input, type, sizes));
        return input;
    }

    /// <summary>Gives a value out of the graph.</summary>
    /// <param name="output">The value's name.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="sizes">Names of sizes that differ from call to call, or numbers.</param>
    public void Output(string output, OnnxType type, params IEnumerable<string> sizes) =>
        outputs.Add(Value(output, type, sizes));

    /// <summary>The value under a name that the graph's users know.</summary>
    /// <param name="value">A value.</param>
    /// <param name="output">Its other name.</param>
    public string Named(string value, string output) => Node("Identity", [value], [output], []);

    /// <summary>A node of one output.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="operands">Names of values; an empty one is left out.</param>
    /// <param name="attributes">The operator's.</param>
    /// <returns>The output's name.</returns>
    public string Add(string type, IEnumerable<string> operands, params IEnumerable<OnnxAttribute> attributes) =>
        Node(type, operands, [Unique(type)], attributes);

    /// <summary>A node of two outputs.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="operands">Names of values.</param>
    /// <param name="attributes">The operator's.</param>
    /// <returns>The outputs' names.</returns>
    public (string First, string Second) AddPair(string type, IEnumerable<string> operands,
        params IEnumerable<OnnxAttribute> attributes)
    {
        var (first, second) = (Unique(type), Unique(type));
        Node(type, operands, [first, second], attributes);
        return (first, second);
    }

    /// <summary>Values that are in the file, known when the graph is built.</summary>
    /// <param name="hint">What the name begins with.</param>
    /// <param name="sizes">Of the tensor; none for a scalar.</param>
    /// <param name="values">In row order.</param>
    /// <returns>The name.</returns>
    public string Constant<T>(string hint, long[] sizes, params T[] values) where T : unmanaged, INumber<T> =>
        Constant(hint, sizes, () => values);

    /// <summary>Values that are read when the file is written.</summary>
    /// <param name="hint">What the name begins with.</param>
    /// <param name="sizes">Of the tensor; none for a scalar.</param>
    /// <param name="values">Gives the values, in row order.</param>
    /// <returns>The name.</returns>
    public string Constant<T>(string hint, long[] sizes, Func<T[]> values) where T : unmanaged, INumber<T>
    {
        var constant = Unique(hint);
        var message = new ProtobufMessage();
        foreach (var size in sizes) message.Add(TensorSize, size);
        var count = sizes.Aggregate(1L, (product, size) => checked(product * size));
        constants.Add(message.Add(TensorType, (long)TypeOf<T>()).Add(TensorName, constant)
            .Add(TensorValues, ProtobufData.Of(count, values)));
        return constant;
    }

    /// <summary>As onnx.proto's <c>GraphProto</c>.</summary>
    public ProtobufMessage ToMessage()
    {
        var message = new ProtobufMessage();
        foreach (var node in nodes) message.Add(GraphNode, node);
        message.Add(GraphName, name);
        foreach (var constant in constants) message.Add(GraphInitializer, constant);
        foreach (var input in inputs) message.Add(GraphInput, input);
        foreach (var output in outputs) message.Add(GraphOutput, output);
        return message;
    }

    string Node(string type, IEnumerable<string> operands, IReadOnlyList<string> results,
        IEnumerable<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage();
        foreach (var operand in operands) node.Add(NodeInput, operand);
        foreach (var result in results) node.Add(NodeOutput, result);
        node.Add(NodeName, "make_" + results[0]).Add(NodeOperator, type);
        foreach (var attribute in attributes) node.Add(NodeAttribute, attribute.Message);
        nodes.Add(node);
        return results[0];
    }

    string Unique(string hint)
    {
        counts[hint] = counts.GetValueOrDefault(hint) + 1;
        return Invariant($"{hint}_{counts[hint]}");
    }

    static ProtobufMessage Value(string name, OnnxType type, IEnumerable<string> sizes)
    {
        var shape = new ProtobufMessage();
        foreach (var size in sizes)
            shape.Add(ShapeSize, long.TryParse(size, out var number)
                ? new ProtobufMessage().Add(SizeNumber, number) : new ProtobufMessage().Add(SizeName, size));
        var tensor = new ProtobufMessage().Add(TypeElement, (long)type).Add(TypeShape, shape);
        return new ProtobufMessage().Add(ValueName, name).Add(ValueType, new ProtobufMessage().Add(TypeTensor, tensor));
    }

    static OnnxType TypeOf<T>() => typeof(T) == typeof(float) ? OnnxType.Float
        : typeof(T) == typeof(double) ? OnnxType.Double
        : typeof(T) == typeof(long) ? OnnxType.Int64
        : throw new ArgumentException($"Constants are not {typeof(T)}.");
}
