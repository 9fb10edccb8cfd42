// The order in which lanes and blocks run: EMU_ORDER. A kernel's result must not depend on it.
#pragma once
#include <cstdint>
#include <vector>

namespace emu
{
enum class Direction
{
    Forward,
    Backward,
    Random,
};

struct Order
{
    Direction direction;
    uint32_t seed; // the same seed gives the same order
};

/// Throws SettingError.
Order order();

/// The lanes of a block in the order in which they take turns.
std::vector<int> laneOrder(const Order& order, uint64_t block, int lanes);

/// The blocks of a grid in the order in which they run.
class BlockOrder
{
public:
    BlockOrder(const Order& order, uint64_t count);
    uint64_t operator[](uint64_t turn) const { return (first + turn * step) % count; }

private:
    uint64_t count, first, step;
};
}
