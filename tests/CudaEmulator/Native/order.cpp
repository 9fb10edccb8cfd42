#include "order.h"
#include "settings.h"
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

namespace emu
{
Order order()
{
    const std::string text = setting("EMU_ORDER");
    if (text == "forward" || text == "0") return {Direction::Forward, 0};
    if (text == "backward" || text == "1") return {Direction::Backward, 0};
    if (text == "random" || text == "2") return {Direction::Random, 12345};
    const std::string seeded = "random:";
    if (text.compare(0, seeded.size(), seeded) == 0)
    {
        char* end;
        const unsigned long seed = strtoul(text.c_str() + seeded.size(), &end, 10);
        if (*end == 0 && end != text.c_str() + seeded.size()) return {Direction::Random, static_cast<uint32_t>(seed)};
    }
    throw SettingError{"EMU_ORDER=" + text + ": forward, backward, random or random:SEED is wanted"};
}

std::vector<int> laneOrder(const Order& order, uint64_t block, int lanes)
{
    std::vector<int> turns(lanes);
    std::iota(turns.begin(), turns.end(), 0);
    if (order.direction == Direction::Backward) std::reverse(turns.begin(), turns.end());
    if (order.direction == Direction::Random)
    {
        std::minstd_rand random(order.seed + static_cast<uint32_t>(block * 2654435761u) + 1);
        std::shuffle(turns.begin(), turns.end(), random);
    }
    return turns;
}

BlockOrder::BlockOrder(const Order& order, uint64_t count) : count(count), first(0), step(1)
{
    if (order.direction == Direction::Backward)
    {
        first = count - 1;
        step = count - 1;
    }
    if (order.direction == Direction::Random)
    {
        // A step that shares no factor with the count visits each block once.
        std::mt19937 random(order.seed);
        first = random() % count;
        step = std::max<uint64_t>(1, random() % count);
        while (std::gcd(step, count) != 1) step++;
    }
}
}
