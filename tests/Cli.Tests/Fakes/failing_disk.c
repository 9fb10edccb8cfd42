// Stands before libc (LD_PRELOAD): one call fails, on files whose path holds a part of text.
//   FAIL_CALL   fsync, rename or write: which
//   FAIL_ERROR  errno, as a number
//   FAIL_PATH   the part of the path
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int names(const char *path)
{
    const char *part = getenv("FAIL_PATH");
    return part != NULL && path != NULL && strstr(path, part) != NULL;
}

static int is_named(int file)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return names(path);
}

static int fails(const char *call, int applies)
{
    const char *asked = getenv("FAIL_CALL"), *error = getenv("FAIL_ERROR");
    if (!applies || asked == NULL || error == NULL || strcmp(asked, call) != 0) return 0;
    errno = atoi(error);
    return 1;
}

int fsync(int file)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails("fsync", is_named(file)) ? -1 : next(file);
}

int rename(const char *from, const char *to)
{
    int (*next)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return fails("rename", names(from)) ? -1 : next(from, to);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    ssize_t (*next)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return fails("write", is_named(file)) ? -1 : next(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset)
{
    ssize_t (*next)(int, const void *, size_t, off64_t) =
        (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return fails("write", is_named(file)) ? -1 : next(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset)
{
    ssize_t (*next)(int, const void *, size_t, off_t) =
        (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    return fails("write", is_named(file)) ? -1 : next(file, bytes, count, offset);
}
