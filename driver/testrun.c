/* testrun.c: runs one test program, and shows its output as `go test` does: the line that sums it up always, the
 * rest if a test failed or it was asked for. For -json everything passes through a converter, a program of std/cmd
 * around Go's own, which `goo test` builds when it is first needed. */
#include "driver/test.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE = 60 };     /* seconds beyond the time-out, which the program should notice itself */
enum { WAIT_DELAY = 5 }; /* seconds between asking to stop and killing, and that output may come after the end */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void write_all(int fd, const void *data, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t w = write(fd, (const char *)data + done, n - done);
        if (w < 0 && errno != EINTR) return; /* nobody reads any more */
        if (w > 0) done += (size_t)w;
    }
}

/* ---- where output goes ---- */

/* Standard output, or the converter: its input, the pipe that tells it how the test went, its process. */
typedef struct Sink { int fd, status_fd; pid_t pid; } Sink;

static bool open_sink(const TestRun *r, Sink *s) {
    *s = (Sink){.fd = STDOUT_FILENO};
    if (!r->converter) return true;
    int in[2], status[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(status, O_CLOEXEC)) return false;
    fflush(NULL);
    s->pid = fork();
    if (s->pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(status[0], 3);
        execl(r->converter, r->converter, r->path, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(status[0]);
    s->fd = in[1];
    s->status_fd = status[1];
    return s->pid > 0;
}

static bool close_sink(Sink *s, bool failed) {
    if (!s->pid) return true;
    int st;
    write_all(s->status_fd, failed ? "fail" : "pass", 4);
    close(s->status_fd);
    close(s->fd);
    while (waitpid(s->pid, &st, 0) < 0 && errno == EINTR) {}
    return st == 0;
}

static int cannot(const char *what) {
    fprintf(stderr, "goo test: cannot %s: %s\n", what, strerror(errno));
    return EXIT_USAGE;
}

int test_say(const TestRun *r, bool failed, const char *line) {
    Sink s;
    signal(SIGPIPE, SIG_IGN);
    if (!open_sink(r, &s)) return cannot("start the converter");
    write_all(s.fd, line, strlen(line));
    return close_sink(&s, failed) && !failed ? EXIT_OK : EXIT_ERRORS;
}

/* ---- the program ---- */

typedef struct Program {
    pid_t pid;
    int output;       /* pipe to read from, -1: it has goo's */
    double start, deadline;
    int asked;        /* to stop: 0, SIGQUIT or SIGKILL */
    bool ended, incomplete;
    int status;
} Program;

static void exec_program(const TestRun *r, const char *exe, int out) {
    Arena *a = arena_new();
    const Names *args = &r->flags->program_args;
    Names argv = {0};
    char *words = arena_strdup(a, r->flags->exec ? r->flags->exec : "");
    for (const char *word; (word = strsep(&words, " "));)
        if (*word) vec_push(a, &argv, word);
    vec_push(a, &argv, exe);
    for (int i = 0; i < args->len; i++) vec_push(a, &argv, args->at[i]);
    vec_push(a, &argv, (const char *)NULL);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    if (chdir(r->dir) == 0) {
        setenv("PWD", r->dir, 1);
        if (r->library && r->paths->goroot) setenv("GOROOT", r->paths->goroot, 1); /* they read its files */
        execvp(argv.at[0], (char **)argv.at);
    }
    fprintf(stderr, "goo test: cannot run %s in %s: %s\n", argv.at[0], r->dir, strerror(errno));
    _exit(EXIT_USAGE);
}

static bool start(const TestRun *r, const char *exe, const Sink *sink, Program *p) {
    int out[2] = {-1, -1};
    *p = (Program){.output = -1, .start = now()};
    p->deadline = r->flags->timeout > 0 ? p->start + r->flags->timeout + GRACE : 0;
    if (!r->direct && pipe2(out, O_CLOEXEC)) return false;
    fflush(NULL);
    p->pid = fork();
    if (p->pid == 0) exec_program(r, exe, r->direct ? sink->fd : out[1]);
    if (!r->direct) close(out[1]);
    p->output = out[0];
    return p->pid > 0;
}

/* Asks a program that runs too long to stop, with a stack trace, and kills it if it does not. Behind its end, gives up
 * on output: children of the program may keep the pipe open. */
static void on_deadline(Program *p, bool *open) {
    if (p->ended) {
        p->incomplete = true;
        *open = false;
        return;
    }
    p->asked = p->asked ? SIGKILL : SIGQUIT;
    kill(p->pid, p->asked);
    p->deadline = now() + WAIT_DELAY;
}

/* Reads what there is; false at the end of output. */
static bool read_output(const TestRun *r, Program *p, const Sink *sink, Buf *out) {
    char chunk[65536];
    ssize_t n = read(p->output, chunk, sizeof chunk);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    if (n == 0) return false;
    buf_put(out, chunk, (size_t)n);
    if (r->as_it_comes) write_all(sink->fd, chunk, (size_t)n);
    return true;
}

static void on_end(Program *p) {
    while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR) {}
    p->ended = true;
    p->deadline = now() + WAIT_DELAY;
}

/* Waits for the program's end and the end of its output. */
static void wait_for_program(const TestRun *r, Program *p, const Sink *sink, Buf *out) {
    int end = pidfd_open(p->pid, 0);
    bool open = p->output >= 0;
    while (!p->ended || open) {
        struct pollfd fds[] = {{.fd = open ? p->output : -1, .events = POLLIN}, {.fd = p->ended ? -1 : end, .events = POLLIN}};
        double left = p->deadline - now();
        int timeout = !p->deadline ? -1 : left <= 0 ? 0 : left > 1e6 ? 1000000000 : (int)(left * 1000) + 1;
        int n = poll(fds, 2, timeout);
        if (n < 0 && errno != EINTR) break;
        if (n == 0 && now() >= p->deadline) on_deadline(p, &open);
        if (n > 0 && fds[0].revents && !read_output(r, p, sink, out)) open = false;
        if (n > 0 && fds[1].revents) on_end(p);
    }
    if (p->output >= 0) close(p->output);
    close(end);
}

/* ---- the summary ---- */

static const char *const no_tests = "testing: warning: no tests to run\n";

/* Whether out has the line, at its start or behind a newline. */
static bool has_line(const Buf *out, const char *line) {
    for (const char *s = out->data; s && (s = strstr(s, line)); s++)
        if (s == out->data || s[-1] == '\n') return true;
    return false;
}

static void put_exit(Buf *b, int status) {
    if (WIFEXITED(status)) {
        buf_printf(b, "exit status %d\n", WEXITSTATUS(status));
        return;
    }
    const char *name = strsignal(WTERMSIG(status)); /* "Killed"; Go's begin with a small letter */
    buf_printf(b, "signal: %c%s%s\n", tolower((unsigned char)name[0]), name + 1, WCOREDUMP(status) ? " (core dumped)" : "");
}

static void put_failure(Buf *b, const TestRun *r, const Program *p, const Buf *out) {
    if (p->asked == SIGQUIT) buf_printf(b, "*** Test killed with quit: ran too long (%gs).\n", r->flags->timeout + GRACE);
    else if (p->asked) buf_printf(b, "*** Test killed: ran too long (%gs).\n", r->flags->timeout + GRACE);
    else if (p->incomplete) buf_printf(b, "*** Test I/O incomplete %ds after exiting.\n", WAIT_DELAY);
    bool ends_line = out->len && out->data[out->len - 1] == '\n';
    if (!out->len || !WIFEXITED(p->status)) put_exit(b, p->status);
    else if (!ends_line) buf_putc(b, '\n');
    /* The mark tells the converter that this line is not the program's. */
    buf_printf(b, "%sFAIL\t%s\t%.3fs\n", r->flags->json ? "\x16" : "", r->path, now() - p->start);
}

static void put_success(Buf *b, const TestRun *r, const Program *p, const Buf *out, bool shown) {
    if (shown && out->len && out->data[out->len - 1] != '\n') buf_putc(b, '\n');
    buf_printf(b, "ok  \t%s\t%.3fs%s\n", r->path, now() - p->start, has_line(out, no_tests) ? " [no tests to run]" : "");
}

int test_run(const TestRun *r, const char *exe) {
    Sink sink;
    Program p;
    Buf out = {0}, last = {0};
    signal(SIGPIPE, SIG_IGN);
    if (!open_sink(r, &sink)) return cannot("start the converter");
    if (!start(r, exe, &sink, &p)) return cannot("start the test program");
    wait_for_program(r, &p, &sink, &out);
    bool failed = p.status != 0 || p.incomplete;
    bool shown = failed || r->flags->verbose || r->flags->list || r->flags->json;
    if (shown && !r->as_it_comes) write_all(sink.fd, out.data, out.len);
    if (failed) put_failure(&last, r, &p, &out);
    else put_success(&last, r, &p, &out, shown);
    write_all(sink.fd, last.data, last.len);
    buf_free(&out);
    buf_free(&last);
    return close_sink(&sink, failed) && !failed ? EXIT_OK : EXIT_ERRORS;
}
