/* filters.c: makes the sandbox's seccomp filters, with libseccomp, when Goo is built.
 *
 * One small filter per right that a program may lack; the kernel runs all that were installed, and the strictest
 * answer counts. As tables of BPF instructions they are part of programs that are built with --sandbox, which so need
 * no library for it. Prints a C header: an array per filter, and the list of all with the capabilities of which it
 * takes any, or all, to be lacking.
 *
 * Usage: filters > seccomp_filters.h */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of an argument that is an int the kernel ignores the upper half, which filters compare. */
#define INT_BITS 0xffffffffu

static void check(int err, const char *what) {
    if (err == 0) return;
    fprintf(stderr, "filters: %s: %s\n", what, strerror(-err));
    exit(1);
}

static scmp_filter_ctx start(void) {
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    if (!f) check(-ENOMEM, "seccomp_init");
    return f;
}

static void deny_calls(scmp_filter_ctx f, const char *names, int err) {
    char list[2048];
    snprintf(list, sizeof list, "%s", names);
    for (char *s = strtok(list, " "); s; s = strtok(NULL, " ")) {
        int call = seccomp_syscall_resolve_name(s);
        if (call == __NR_SCMP_ERROR) continue; /* newer than the library */
        check(seccomp_rule_add(f, SCMP_ACT_ERRNO((unsigned)err), call, 0), s);
    }
}

static void deny_if(scmp_filter_ctx f, const char *name, struct scmp_arg_cmp cmp) {
    check(seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(name), 1, cmp), name);
}

static void print_filter(scmp_filter_ctx f, const char *name) {
    struct { uint16_t code; uint8_t jt, jf; uint32_t k; } in;
    FILE *tmp = tmpfile();
    if (!tmp) check(-errno, "tmpfile");
    check(seccomp_export_bpf(f, fileno(tmp)), name);
    rewind(tmp);
    printf("static const struct sock_filter filter_%s[] = {\n", name);
    while (fread(&in, 8, 1, tmp) == 1) printf("    {%#x, %u, %u, %#x},\n", in.code, in.jt, in.jf, in.k);
    printf("};\n");
    fclose(tmp);
    seccomp_release(f);
}

/* Ways around the other rules, whatever the program may: io_uring makes calls that filters do not see; multipath TCP, and
 * SMC, which is a family or a protocol, are not covered by Landlock's rules for TCP. */
static void always(void) {
    enum { SMC = 256, MPTCP = 262 };
    scmp_filter_ctx f = start();
    deny_calls(f, "io_uring_setup io_uring_enter io_uring_register", ENOSYS);
    check(seccomp_rule_add(f, SCMP_ACT_ERRNO(EPROTONOSUPPORT), SCMP_SYS(socket), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, INT_BITS, MPTCP)), "socket");
    check(seccomp_rule_add(f, SCMP_ACT_ERRNO(EPROTONOSUPPORT), SCMP_SYS(socket), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, INT_BITS, SMC)), "socket");
    check(seccomp_rule_add(f, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, INT_BITS, AF_SMC)), "socket");
    print_filter(f, "always");
}

/* Other families than local sockets, IP, and netlink, of which netlink asks for the machine's own addresses. */
static void deny_families(scmp_filter_ctx f) {
    for (int family = 0; family < AF_NETLINK; family++)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6) deny_if(f, "socket", SCMP_A0(SCMP_CMP_MASKED_EQ, INT_BITS, (unsigned)family));
    deny_if(f, "socket", SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
}

static void without_system(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd mount umount2 pivot_root chroot "
                  "move_mount open_tree fsopen fsmount fspick fsconfig mount_setattr setuid setgid setreuid setregid setresuid "
                  "setresgid setfsuid setfsgid setgroups capset unshare setns bpf perf_event_open keyctl add_key request_key "
                  "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl iopl "
                  "ioperm open_by_handle_at name_to_handle_at fanotify_init userfaultfd personality sethostname setdomainname "
                  "syslog lookup_dcookie vhangup modify_ldt shmget msgget semget mq_open mq_unlink", EPERM);
    deny_calls(f, "clone3", ENOSYS); /* whose flags no filter sees; everybody falls back to clone */
    static const unsigned long spaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) deny_if(f, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, spaces[i], spaces[i]));
    deny_if(f, "prlimit64", SCMP_A0(SCMP_CMP_NE, 0)); /* of another process */
    deny_families(f);
    deny_if(f, "socket", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
    print_filter(f, "system");
}

static void without_network(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "socket connect bind listen accept accept4", EACCES);
    print_filter(f, "network");
}

static void without_connect(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "connect", EACCES);
    print_filter(f, "connect");
}

static void without_listen(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "listen accept accept4", EACCES);
    print_filter(f, "listen");
}

static void without_exec(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "execve execveat", EPERM);
    print_filter(f, "exec");
}

/* Programs that are no files: Landlock has no rules for them. */
static void with_some_exec(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "execveat memfd_create", EPERM);
    print_filter(f, "programs");
}

static void without_signal(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "kill tkill rt_sigqueueinfo rt_tgsigqueueinfo", EPERM);
    print_filter(f, "signal");
}

static void without_time(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "settimeofday clock_settime clock_settime64 adjtimex clock_adjtime clock_adjtime64", EPERM);
    print_filter(f, "time");
}

static void without_device(void) {
    scmp_filter_ctx f = start();
    deny_if(f, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, INT_BITS, 0x5412)); /* TIOCSTI: types into the terminal */
    deny_if(f, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, INT_BITS, 0x541c)); /* TIOCLINUX */
    deny_if(f, "mknod", SCMP_A1(SCMP_CMP_MASKED_EQ, 0170000, 0020000));
    deny_if(f, "mknod", SCMP_A1(SCMP_CMP_MASKED_EQ, 0170000, 0060000));
    deny_if(f, "mknodat", SCMP_A2(SCMP_CMP_MASKED_EQ, 0170000, 0020000));
    deny_if(f, "mknodat", SCMP_A2(SCMP_CMP_MASKED_EQ, 0170000, 0060000));
    print_filter(f, "device");
}

/* New machine code; programs that are started need it to load libraries, so only where none are. */
static void without_code(void) {
    scmp_filter_ctx f = start();
    deny_if(f, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 4));
    deny_if(f, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 4));
    deny_if(f, "pkey_mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 4));
    print_filter(f, "code");
}

/* What Landlock has no rules for: attributes of files. */
static void without_write(void) {
    scmp_filter_ctx f = start();
    deny_calls(f, "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat setxattr "
                  "lsetxattr fsetxattr removexattr lremovexattr fremovexattr", EPERM);
    print_filter(f, "write");
}

int main(void) {
    static const char *const list[][4] = {
        /* filter, capabilities that must all be lacking, capability that must be limited, whether only in a strict sandbox */
        {"always", "0", "0", "false"},
        {"system", "BIT(SYSTEM)", "0", "false"},
        {"network", "RT_CAPS_NETWORK", "0", "false"},
        {"connect", "BIT(NETWORK_CONNECT)", "0", "false"},
        {"listen", "BIT(NETWORK_LISTEN)", "0", "false"},
        {"exec", "BIT(PROCESS_EXEC)", "0", "false"},
        {"programs", "0", "BIT(PROCESS_EXEC)", "false"},
        {"signal", "BIT(PROCESS_SIGNAL)", "0", "false"},
        {"time", "BIT(TIME_SET)", "0", "false"},
        {"device", "BIT(DEVICE)", "0", "false"},
        {"code", "BIT(MEMORY_RAW) | BIT(PROCESS_EXEC) | BIT(FFI)", "0", "false"},
        {"write", "BIT(FILE_WRITE)", "0", "false"},
        {"write", "0", "BIT(FILE_WRITE)", "true"},
    };
    printf("/* Made by tools/filters. */\n");
    always(), without_system(), without_network(), without_connect(), without_listen(), without_exec(), with_some_exec();
    without_signal(), without_time(), without_device(), without_code(), without_write();
    printf("#define BIT(cap) (1u << RT_CAP_##cap)\nstatic const Filter filters[] = {\n");
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        printf("    {filter_%s, sizeof filter_%s / 8, %s, %s, %s},\n", list[i][0], list[i][0], list[i][1], list[i][2], list[i][3]);
    printf("};\n#undef BIT\n");
    return 0;
}
