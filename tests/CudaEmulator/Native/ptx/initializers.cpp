#include "initializers.h"

#include "text.h"
#include "types.h"

namespace emu::ptx
{
namespace
{
class Initializer
{
public:
    Initializer(Context& context, Declaration& declaration)
        : context(context), reader(context.reader), declaration(declaration)
    {
    }

    std::vector<std::string> values;

    // PTX ISA, "Initializers": nested lists, one for each dimension; what is left out is zero.
    void list(size_t dimension, size_t at)
    {
        if (dimension == declaration.dimensions.size())
        {
            put(at, value());
            return;
        }
        size_t inner = elementsWithin(dimension), count = 0;
        reader.need("{");
        while (!reader.take("}"))
        {
            list(dimension + 1, at + inner * count++);
            if (!reader.is("}")) reader.need(",");
        }
        long long& length = declaration.dimensions[dimension];
        if (length == 0) length = (long long)count;
        if ((long long)count > length) reader.fail("more values than '" + declaration.name + "' has elements");
    }

private:
    Context& context;
    Reader& reader;
    Declaration& declaration;

    size_t elementsWithin(size_t dimension) const
    {
        size_t count = 1;
        for (size_t i = dimension + 1; i < declaration.dimensions.size(); i++) count *= declaration.dimensions[i];
        return count;
    }

    void put(size_t at, const std::string& value)
    {
        if (values.size() <= at) values.resize(at + 1, "0");
        values[at] = value;
    }

    std::string value()
    {
        if (reader.is("generic"))
        {
            reader.next();
            reader.need("(");
            std::string address = value();
            reader.need(")");
            return reader.take("+") ? fill("($1+$2)", {address, decimal(reader.integer())}) : address;
        }
        Operand operand = context.operands.parse();
        const std::string& type = declaration.type;
        bool plain = operand.kind == Operand::Integer || (operand.kind == Operand::Real && operand.realType == type);
        if (plain) return fill("(u$1)$2ull", {decimal(8 * bytesOf(type)), std::to_string(operand.bits)});
        return fill("bits<$1>($2)", {registerTypeOf(type), context.operands.value(operand, type, false)});
    }
};
}

std::vector<std::string> parseInitializer(Context& context, Declaration& declaration)
{
    if (!context.reader.take("=")) return {};
    Initializer initializer(context, declaration);
    initializer.list(0, 0);
    return initializer.values;
}
}
