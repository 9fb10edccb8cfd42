#include "special_registers.h"

#include <map>

namespace emu::ptx
{
namespace
{
const std::map<std::string, SpecialRegister> scalars = {
    {"%laneid", {"u32", "laneId()"}},
    {"%warpid", {"u32", "warpId()"}},
    {"%nwarpid", {"u32", "warps()"}},
    {"%lanemask_eq", {"u32", "lanesEqual()"}},
    {"%lanemask_lt", {"u32", "lanesLess()"}},
    {"%lanemask_le", {"u32", "lanesLessOrEqual()"}},
    {"%lanemask_gt", {"u32", "(~lanesLessOrEqual())"}},
    {"%lanemask_ge", {"u32", "(~lanesLess())"}},
    {"%smid", {"u32", "0u"}},
    {"%nsmid", {"u32", "1u"}},
    {"%gridid", {"u64", "0ull"}},
    {"%clock", {"u32", "(u32)clock()"}},
    {"%clock_hi", {"u32", "(u32)(clock()>>32)"}},
    {"%clock64", {"u64", "clock()"}},
    {"%globaltimer", {"u64", "clock()"}},
    {"%globaltimer_lo", {"u32", "(u32)clock()"}},
    {"%globaltimer_hi", {"u32", "(u32)(clock()>>32)"}},
    {"%dynamic_smem_size", {"u32", "emu->dynamicBytes"}},
    {"%total_smem_size", {"u32", "emu->sharedBytes"}},
    {"%cluster_ctarank", {"u32", "rankInCluster()"}},
    {"%cluster_nctarank", {"u32", "clusterBlocks()"}},
    {"%is_explicit_cluster", {"pred", "(clusterBlocks()>1)"}},
};

// Those with .x, .y and .z; # is the axis.
const std::map<std::string, std::string> vectors = {
    {"%tid", "emu->lane->thread[#]"},
    {"%ntid", "emu->lane->blockSize[#]"},
    {"%ctaid", "emu->lane->block[#]"},
    {"%nctaid", "emu->lane->gridSize[#]"},
    {"%clusterid", "cluster(#)"},
    {"%nclusterid", "clusters(#)"},
    {"%cluster_ctaid", "blockOfCluster(#)"},
    {"%cluster_nctaid", "emu->lane->clusterSize[#]"},
};
}

SpecialRegister specialRegister(const std::string& name)
{
    if (auto found = scalars.find(name); found != scalars.end()) return found->second;
    size_t dot = name.find('.');
    if (dot == std::string::npos || name.size() != dot + 2 || name[dot + 1] < 'x' || name[dot + 1] > 'z') return {};
    auto found = vectors.find(name.substr(0, dot));
    if (found == vectors.end()) return {};
    std::string code = found->second;
    code.replace(code.find('#'), 1, std::to_string(name[dot + 1] - 'x'));
    return {"u32", code};
}
}
