// PTX ISA, "Data Movement and Conversion Instructions: Asynchronous copy", those that are not bulk.
#include "tables.h"

namespace emu::ptx
{
#define CA "cp.async.ca.toshared.global{.prefetch}"
#define CG "cp.async.cg.toshared.global{.prefetch}"

// A last operand says how many bytes come from the source, the others being zeros; as a predicate, that none do
// (ignore-src). .cg is of 16 bytes.
const std::vector<Form> copyForms = {
    {CA, "<- shared[] global[] #4", "copyAsync($1,$2,4,4,$line)"},
    {CA, "<- shared[] global[] #8", "copyAsync($1,$2,8,8,$line)"},
    {CA, "<- shared[] global[] #16", "copyAsync($1,$2,16,16,$line)"},
    {CG, "<- shared[] global[] #16", "copyAsync($1,$2,16,16,$line)"},
    {CA, "<- shared[] global[] #4 u32", "copyAsync($1,$2,4,$4,$line)"},
    {CA, "<- shared[] global[] #8 u32", "copyAsync($1,$2,8,$4,$line)"},
    {CA, "<- shared[] global[] #16 u32", "copyAsync($1,$2,16,$4,$line)"},
    {CG, "<- shared[] global[] #16 u32", "copyAsync($1,$2,16,$4,$line)"},
    {CA, "<- shared[] global[] #4 pred", "copyAsync($1,$2,4,$4?0:4,$line)"},
    {CA, "<- shared[] global[] #8 pred", "copyAsync($1,$2,8,$4?0:8,$line)"},
    {CA, "<- shared[] global[] #16 pred", "copyAsync($1,$2,16,$4?0:16,$line)"},
    {CG, "<- shared[] global[] #16 pred", "copyAsync($1,$2,16,$4?0:16,$line)"},
    {"cp.async.commit_group", "<-", "emu->commitCopies()"},
    {"cp.async.wait_group", "<- #", "waitCopies($1,$line)"},
    {"cp.async.wait_all", "<-", "waitAllCopies($line)"},
};
}
