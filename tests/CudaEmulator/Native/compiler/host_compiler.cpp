#include "host_compiler.h"
#include "../settings.h"
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace emu
{
namespace
{
/// Errors alone, as NVRTC writes them: Kernels.cs(12): error: ...
const char* const quiet[] = {"-w", "-fdiagnostics-format=msvc", "-fno-show-column", "-fno-caret-diagnostics"};

std::string environment(const char* name, const std::string& standard)
{
    const char* value = getenv(name);
    return value && *value ? value : standard;
}

std::string read(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The compiler's path: EMU_CLANGXX is one, or a name that is looked for on the PATH.
std::string findClang()
{
    const std::string name = setting("EMU_CLANGXX");
    if (name.find('/') != std::string::npos)
    {
        if (access(name.c_str(), X_OK) == 0) return name;
        throw CompileError{"EMU_CLANGXX names " + name + ", which cannot be run. "
            "Give the path of clang++ (Debian: the package clang-19)."};
    }
    std::stringstream folders(environment("PATH", "/usr/bin:/bin"));
    for (std::string folder; std::getline(folders, folder, ':');)
    {
        const std::string path = folder + "/" + name;
        if (access(path.c_str(), X_OK) == 0) return path;
    }
    throw CompileError{"The CUDA emulator compiles kernels by " + name + ", which is not on the PATH. "
        "Install it (Debian: apt-get install clang-19) or set EMU_CLANGXX to its path."};
}

/// The folder of what was compiled, made if it is not there.
std::string cacheFolder()
{
    const std::string chosen = setting("EMU_CACHE");
    const std::string standard = environment("TMPDIR", "/tmp") + "/cuda-emulator-" + std::to_string(getuid());
    const std::string folder = chosen.empty() ? standard : chosen;
    for (size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1))
    {
        const std::string part = folder.substr(0, slash);
        if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST)
            throw CompileError{"The folder of compiled kernels, " + folder + ", cannot be made: " + strerror(errno) +
                ". Set EMU_CACHE to another one."};
        if (slash == std::string::npos) return folder;
    }
}

/// Files of one run of the compiler, of names that no other run has; gone afterwards (EMU_KEEP=1: the text stays).
struct Scratch
{
    std::string text, output, log;

    explicit Scratch(const std::string& base)
    {
        static std::atomic<int> runs;
        const std::string own = base + "." + std::to_string(getpid()) + "." + std::to_string(runs++);
        text = own + ".cpp";
        output = own + ".out";
        log = own + ".log";
    }

    ~Scratch()
    {
        if (!flagSetting("EMU_KEEP")) unlink(text.c_str());
        unlink(output.c_str());
        unlink(log.c_str());
    }
};

/// Runs the compiler beside other work (nice) and without a shell; the text is its standard input, for a name of the
/// file would be part of the output. Throws what it said if it fails.
void run(const std::vector<std::string>& command, const std::string& text, const Scratch& files)
{
    if (!(std::ofstream(files.text, std::ios::binary) << text).flush())
        throw CompileError{"The text of a kernel cannot be written to " + files.text +
            ". Is the disk full? EMU_CACHE names another folder."};
    std::vector<std::string> words = {"nice"};
    words.insert(words.end(), command.begin(), command.end());
    words.insert(words.end(), {"-o", files.output});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, files.text.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child;
    const int error = posix_spawnp(&child, "nice", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw CompileError{"The compiler cannot be started: " + std::string(strerror(error))};

    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw CompileError{"The compiler's result is lost: " + std::string(strerror(errno))};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    const std::string said = read(files.log);
    throw CompileError{said.empty() ? "The compiler ended in silence, with status " + std::to_string(status) : said};
}

/// FNV-1a; two of them, from different starts, make a name of 128 bits.
uint64_t hash(uint64_t start, const std::string& text)
{
    uint64_t value = start;
    for (const unsigned char byte : text) value = (value ^ byte) * 0x100000001b3ull;
    return value;
}

/// A name for all that decides the library: the text, the whole command, and which compiler stands behind its path.
std::string nameOf(const std::string& text, const std::vector<std::string>& command)
{
    std::string all = text;
    for (const std::string& word : command) all += '\0' + word;
    struct stat compiler = {};
    stat(command[0].c_str(), &compiler);
    all += '\0' + std::to_string(compiler.st_size) + '\0' + std::to_string(compiler.st_mtime);
    const unsigned long long first = hash(0xcbf29ce484222325ull, all), second = hash(0x9ae16a3b2f90404full, all);
    char name[33];
    snprintf(name, sizeof name, "%016llx%016llx", first, second);
    return name;
}
}

std::string compileToLibrary(const std::string& text, const std::string& options)
{
    // -gline-tables-only: an address of the library is a line of the kernel's C#. DWARF 4: addr2line takes the first
    // file of a version 5 table for the compiler's input.
    std::vector<std::string> command = {findClang(),
        "-x", "c++", "-std=c++17", "-fPIC", "-shared", "-fvisibility=hidden", "-gdwarf-4", "-gline-tables-only"};
    command.insert(command.end(), std::begin(quiet), std::end(quiet));
    command.push_back("-");
    std::stringstream words(options);
    for (std::string word; words >> word;) command.push_back(word);
    const std::string base = cacheFolder() + "/" + nameOf(text, command), library = base + ".so";
    if (access(library.c_str(), R_OK) == 0) return library;

    const Scratch files(base);
    run(command, text, files);
    if (rename(files.output.c_str(), library.c_str()) != 0)
        throw CompileError{"The compiled kernel cannot be kept as " + library + ": " + strerror(errno)};
    return library;
}

std::string runClang(const std::string& text, const std::vector<std::string>& options)
{
    std::vector<std::string> command = {findClang()};
    command.insert(command.end(), std::begin(quiet), std::end(quiet));
    command.insert(command.end(), options.begin(), options.end());
    command.push_back("-");
    const Scratch files(cacheFolder() + "/" + nameOf(text, command));
    run(command, text, files);
    return read(files.output);
}
}
