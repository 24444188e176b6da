/* main.c: the entry of every program: the packages' initialisers and main.main, on the main goroutine's stack.
 *
 * Apart from the other files, so that unit tests of the runtime can have a main of their own. */
#include "runtime/caps/caps.h"

/* error has one method, so its code is the only one in the table. */
void rt_main_result(GoIface err) {
    if (!err.tab) return;
    GoString (*text)(void *receiver) = (GoString(*)(void *))err.tab->fun[0];
    GoString s = text(err.data), history = rt_error_history(err);
    rt_print_lock();
    rt_print_cstr("error: ");
    rt_print_string(s);
    rt_print_nl();
    rt_print_string(history);
    rt_print_unlock();
    rt_report_lost();
    rt_sys_exit(1);
}

/* Addresses of functions that make package variables of static data, in the programs that have these variables. */
extern const int32_t __start_goo_makers[] __attribute__((weak));
extern const int32_t __stop_goo_makers[] __attribute__((weak));

static void make_variables(void) {
    int64_t n = __stop_goo_makers - __start_goo_makers;
    for (int64_t i = 0; i < n; i++) ((void (*)(void))(intptr_t)__start_goo_makers[i])();
}

static void run_program(GoClosure *unused) {
    (void)unused;
    rt_caps_start();
    make_variables();
    for (int64_t i = 0; i < goo_program.ninits; i++) goo_program.inits[i]();
    goo_program.main();
    rt_report_wait();
    rt_sys_exit(rt_report_lost() ? RT_EXIT_PANIC : 0);
}

int main(void) {
    static GoClosure program = {(void *)run_program};
    rt_run(&program);
}
