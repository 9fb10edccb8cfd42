using LdNetGpu.Model.Protobuf;

namespace LdNetGpu.Model.Onnx;

/// <summary>A named value of a node, as onnx.proto's <c>AttributeProto</c>.</summary>
/// <param name="Message">The message.</param>
sealed record OnnxAttribute(ProtobufMessage Message)
{
    const int Name = 1, Integer = 3, Text = 4, Graph = 6, Integers = 8, Type = 20;
    const long IntegerType = 2, TextType = 3, GraphType = 5, IntegersType = 7;

    /// <param name="name">As the operator has it.</param>
    /// <param name="value">A whole number.</param>
    public static OnnxAttribute Of(string name, long value) =>
        new(new ProtobufMessage().Add(Name, name).Add(Integer, value).Add(Type, IntegerType));

    /// <param name="name">As the operator has it.</param>
    /// <param name="value">Text.</param>
    public static OnnxAttribute Of(string name, string value) =>
        new(new ProtobufMessage().Add(Name, name).Add(Text, value).Add(Type, TextType));

    /// <param name="name">As the operator has it.</param>
    /// <param name="values">Whole numbers.</param>
    public static OnnxAttribute Of(string name, IEnumerable<long> values) =>
        new(values.Aggregate(new ProtobufMessage().Add(Name, name), (message, value) => message.Add(Integers, value))
            .Add(Type, IntegersType));

    /// <param name="name">As the operator has it.</param>
    /// <param name="body">A graph that the node runs.</param>
    public static OnnxAttribute Of(string name, OnnxGraph body) =>
        new(new ProtobufMessage().Add(Name, name).Add(Graph, body.ToMessage()).Add(Type, GraphType));
}
