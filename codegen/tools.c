/* tools.c: files, and the programs this layer runs: the assembler and the linker. */
#include "codegen/gen.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool gen_read_file(const char *path, Buf *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char chunk[1 << 16];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) > 0) buf_put(out, chunk, (size_t)n);
    close(fd);
    return n == 0;
}

bool gen_write_all(int fd, const void *data, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t k = write(fd, (const char *)data + done, n - done);
        if (k <= 0 && errno != EINTR) return false;
        if (k > 0) done += (size_t)k;
    }
    return true;
}

bool gen_write_file(const char *path, const void *data, size_t n, Buf *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && gen_write_all(fd, data, n);
    if (fd >= 0 && close(fd) != 0) ok = false;
    if (!ok) buf_printf(err, "cannot write %s: %s\n", path, strerror(errno));
    return ok;
}

static bool is_device(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

const char *gen_aside(Arena *a, const char *out) {
    if (!is_device(out)) return arena_printf(a, "%s.%ld.tmp", out, (long)getpid());
    const char *folder = getenv("TMPDIR");
    return arena_printf(a, "%s/goo-%ld.tmp", folder && *folder ? folder : "/tmp", (long)getpid());
}

bool gen_put(const char *aside, const char *out) {
    if (!is_device(out)) return rename(aside, out) == 0;
    Buf data = {0}, message = {0};
    bool ok = gen_read_file(aside, &data) && gen_write_file(out, data.data, data.len, &message);
    int error = errno;
    buf_free(&data);
    buf_free(&message);
    if (ok) unlink(aside);
    errno = error;
    return ok;
}

static void read_all(int fd, Buf *out) {
    char chunk[4096];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) buf_put(out, chunk, (size_t)n);
}

bool gen_spawn(char *const argv[], int in, int out, pid_t *pid, Buf *err) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (in >= 0) posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    int failed = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) {
        *pid = 0;
        buf_printf(err, "cannot run %s: %s\n", argv[0], strerror(failed));
    }
    return !failed;
}

bool gen_run_tool(char *const argv[], Buf *err) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        buf_printf(err, "cannot run %s: %s\n", argv[0], strerror(errno));
        return false;
    }
    pid_t pid;
    bool ok = gen_spawn(argv, -1, fds[1], &pid, err);
    close(fds[1]);
    if (ok) read_all(fds[0], err);
    close(fds[0]);
    int status = 0;
    while (ok && waitpid(pid, &status, 0) < 0) ok = errno == EINTR;
    if (WIFSIGNALED(status)) buf_printf(err, "%s was killed by signal %d\n", argv[0], WTERMSIG(status));
    return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
