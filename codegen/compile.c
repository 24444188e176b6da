/* compile.c: a package to an object file, by one child process per shard.
 *
 * A child translates its shard to text, which an assembler reads from a pipe; it was started beside the child, so that
 * it loads while GCC works. Both report by their exit status and a pipe that their error output goes to. GCC may abort,
 * exit with a status of its own or be killed: all that is an internal error of the compiler to whoever asked, and
 * leaves nothing behind. The objects of several shards become one archive, which the linker takes whole; a single one
 * is an ordinary object. While children work, this process does what its caller has to do besides. */
#include "codegen/gen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Child {
    pid_t pid;       /* 0: not running */
    pid_t assembler; /* that it feeds; 0: none */
    int fd;          /* the error output of both */
    Buf errors;
} Child;

typedef struct Job {
    IrPackage *p;
    const GenOptions *opt;
    GenShard *shards;
    Child *children; /* one per shard */
    int count;
    bool asm_only;
    void (*meanwhile)(void *); /* of opt; NULL: it was called */
    int status; /* the exit status that a failure means */
    Buf *err;
} Job;

/* A name for an intermediate file of one shard; processes share the folder. */
static const char *tmp_path(const Job *job, int shard, const char *ext) {
    return arena_printf(job->p->arena, "%s/goo-%ld-%d.%s", job->opt->tmp_dir, (long)getpid(), shard, ext);
}

/* ---- in the child ---- */

/* Translates the shard and writes its text to fd. */
static int compile_shard(const Job *job, const GenShard *shard, const char *gcc_file, int fd) {
    Buf err = {0}, text = {0};
    setenv("TMPDIR", job->opt->tmp_dir, 1); /* GCC's own files */
    signal(SIGPIPE, SIG_IGN);               /* an assembler that gave up has said why */
    bool loaded = gen_gcc_load(&err);
    if (loaded && shard->nfuncs) gen_gcc_warm_up();
    bool ok = loaded && gen_translate(job->p, shard, job->opt, gcc_file, &text, &err) &&
              gen_write_all(fd, text.data, text.len);
    close(fd); /* the end of this process takes a while: it unmaps all of GCC */
    if (err.len) fwrite(err.data, 1, err.len, stderr);
    return ok ? EXIT_OK : loaded ? EXIT_INTERNAL : EXIT_USAGE;
}

/* ---- in the parent ---- */

/* Where a shard's text goes: text[1]; and whence the assembler reads it, if there is one: text[0]. */
static bool open_text(const Job *job, int i, int text[2]) {
    if (!job->asm_only) return pipe2(text, O_CLOEXEC) == 0;
    return (text[1] = open(tmp_path(job, i, "s"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) >= 0;
}

static bool start(Job *job, int i) {
    int text[2] = {-1, -1}, errors[2] = {-1, -1};
    const char *gcc_file = tmp_path(job, i, "gcc.s"), *object = tmp_path(job, i, "o");
    fflush(NULL);
    pid_t pid = pipe2(errors, O_CLOEXEC) == 0 && open_text(job, i, text) ? fork() : -1;
    if (pid == 0) {
        dup2(errors[1], STDERR_FILENO);
        if (!job->asm_only) close(text[0]);
        int status = compile_shard(job, &job->shards[i], gcc_file, text[1]);
        fflush(NULL);
        _exit(status);
    }
    if (pid < 0) buf_printf(job->err, "cannot start a process: %s\n", strerror(errno));
    Child *c = &job->children[i];
    *c = (Child){.pid = pid > 0 ? pid : 0, .fd = errors[0]};
    if (pid > 0 && !job->asm_only) gen_spawn((char *const[]){"as", "--64", "-o", (char *)object, NULL}, text[0], errors[1], &c->assembler, job->err);
    const int done[] = {text[0], text[1], errors[1], pid > 0 ? -1 : errors[0]}; /* the assembler is to see the end of the text */
    for (size_t k = 0; k < sizeof done / sizeof *done; k++)
        if (done[k] >= 0) close(done[k]);
    return pid > 0;
}

/* GCC names the function it was working on by its number: In function 'go_17'. */
static const char *culprit(const Job *job, const GenShard *shard, const char *text) {
    const char *at = text ? strstr(text, "go_") : NULL;
    if (!at) return NULL;
    /* Functions are declared first, after those that data refers to: repeat the numbering. */
    long index = strtol(at + 3, NULL, 10), next = 0;
    PtrMap seen = {0};
    for (int i = 0; i < shard->ndata; i++)
        for (int k = -1; k < shard->data[i]->relocs.len; k++) {
            IrSym *sym = k < 0 ? shard->data[i]->maker : shard->data[i]->relocs.at[k].sym;
            if (!sym || !sym->is_func || ptrmap_get(&seen, sym)) continue;
            ptrmap_put(job->p->arena, &seen, sym, sym);
            if (next++ == index) return sym->name;
        }
    for (int i = 0; i < shard->nfuncs; i++) {
        if (ptrmap_get(&seen, shard->funcs[i]->sym)) continue;
        if (next++ == index) return shard->funcs[i]->sym->name;
    }
    return NULL;
}

/* Says why shard i failed, whose child ended with status. */
static void report(Job *job, int i, int status) {
    const Child *c = &job->children[i];
    bool no_gcc = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_USAGE, no_assembler = !c->assembler && !job->asm_only;
    job->status = no_gcc || no_assembler ? EXIT_USAGE : EXIT_INTERNAL;
    if (no_gcc) buf_put(job->err, c->errors.data, c->errors.len);
    if (no_gcc || no_assembler) return;
    const char *name = culprit(job, &job->shards[i], c->errors.data);
    buf_printf(job->err, "internal compiler error: code generation for package %s failed", ir_pkg_prefix(job->p->pkg));
    if (name) buf_printf(job->err, " in %s", name);
    if (WIFSIGNALED(status)) buf_printf(job->err, " (signal %d)", WTERMSIG(status));
    else if (WEXITSTATUS(status) != EXIT_OK && WEXITSTATUS(status) != EXIT_INTERNAL) buf_printf(job->err, " (GCC exited with status %d)", WEXITSTATUS(status));
    buf_putc(job->err, '\n');
    if (c->errors.len) buf_put(job->err, c->errors.data, c->errors.len);
}

static void clean(const Job *job) {
    static const char *const exts[] = {"gcc.s", "s", "o"};
    for (int i = 0; i < job->count; i++)
        for (int k = 0; k < 3; k++) unlink(tmp_path(job, i, exts[k]));
}

static int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

/* The child and its assembler have closed their error output, that is, ended. */
static bool finish(Job *job, int i) {
    Child *c = &job->children[i];
    int status = wait_for(c->pid), assembled = c->assembler ? wait_for(c->assembler) : job->asm_only ? 0 : -1;
    close(c->fd);
    c->pid = 0;
    bool ok = status == 0 && assembled == 0;
    if (!ok) report(job, i, status);
    buf_free(&c->errors);
    return ok;
}

/* Waits until a child ends; false when its shard failed. */
static bool wait_for_one(Job *job) {
    if (job->meanwhile) job->meanwhile(job->opt->context);
    job->meanwhile = NULL;
    struct pollfd *fds = NEW_ARRAY(job->p->arena, struct pollfd, job->count);
    for (;;) {
        for (int i = 0; i < job->count; i++) fds[i] = (struct pollfd){job->children[i].pid ? job->children[i].fd : -1, POLLIN, 0};
        poll(fds, (nfds_t)job->count, -1);
        for (int i = 0; i < job->count; i++) {
            if (!fds[i].revents) continue;
            char chunk[4096];
            ssize_t n = read(fds[i].fd, chunk, sizeof chunk);
            if (n > 0) buf_put(&job->children[i].errors, chunk, (size_t)n);
            if (n == 0) return finish(job, i);
        }
    }
}

int gen_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static int job_limit(const GenOptions *opt) { return opt->jobs > 0 ? opt->jobs : gen_processors(); }

static bool run_all(Job *job) {
    int max = job_limit(job->opt), running = 0;
    bool ok = true;
    for (int i = 0; i < job->count && ok; i++) {
        if (running == max) {
            ok = wait_for_one(job);
            running--;
        }
        ok = ok && start(job, i);
        if (ok) running++;
    }
    for (; running > 0; running--) ok &= wait_for_one(job);
    return ok;
}

/* ---- results ---- */

/* An ar archive without an index: the linker takes every member anyway. */
static bool pack(const Job *job, Buf *out) {
    buf_puts(out, "!<arch>\n");
    for (int i = 0; i < job->count; i++) {
        Buf object = {0};
        if (!gen_read_file(tmp_path(job, i, "o"), &object)) return false;
        char name[17];
        snprintf(name, sizeof name, "s%d.o/", i);
        buf_printf(out, "%-16s%-12d%-6d%-6d%-8o%-10zu`\n", name, 0, 0, 0, 0644, object.len);
        buf_put(out, object.data, object.len);
        if (object.len % 2) buf_putc(out, '\n');
        buf_free(&object);
    }
    return true;
}

static bool concatenate(const Job *job, Buf *out) {
    for (int i = 0; i < job->count; i++)
        if (!gen_read_file(tmp_path(job, i, "s"), out)) return false;
    return true;
}

static bool deliver(const Job *job, const char *path) {
    if (job->count == 1 && gen_put(tmp_path(job, 0, job->asm_only ? "s" : "o"), path)) return true;
    Buf out = {0};
    bool ok = job->asm_only || job->count == 1 ? false : pack(job, &out);
    if (job->asm_only) ok = concatenate(job, &out);
    else if (job->count == 1) ok = gen_read_file(tmp_path(job, 0, "o"), &out); /* another file system */
    const char *tmp = gen_aside(job->p->arena, path);
    ok = ok && gen_write_file(tmp, out.data, out.len, job->err) && gen_put(tmp, path);
    if (!ok) {
        buf_printf(job->err, "cannot write %s: %s\n", path, strerror(errno));
        unlink(tmp);
    }
    buf_free(&out);
    return ok;
}

int gen_compile(IrPackage *p, const GenOptions *opt, const char *obj_path, bool asm_only, Buf *err) {
    Job job = {.p = p, .opt = opt, .asm_only = asm_only, .meanwhile = opt->meanwhile, .status = EXIT_USAGE, .err = err};
    /* Text is for people: one piece. */
    job.shards = gen_divide(p, asm_only ? 1 : job_limit(opt), &job.count);
    job.children = NEW_ARRAY(p->arena, Child, job.count);
    /* A single child loads GCC itself: forking before costs less. */
    bool ok = (job.count == 1 || gen_gcc_load(err)) && run_all(&job) && deliver(&job, obj_path);
    clean(&job);
    return ok ? EXIT_OK : job.status;
}
