/* rangefunc.c: what an iterator function must not do with the body of a range loop over it (abi.h: RtRangeState). */
#include "runtime/rt.h"

_Noreturn void rt_panic_range_state(int64_t state) {
    switch ((RtRangeState)state) {
    case RS_DONE:
        rt_panic_text(RT_STR("range function continued iteration after function for loop body returned false"));
    case RS_RUNNING: rt_panic_text(RT_STR("range function continued iteration after loop body panic"));
    case RS_EXITED: rt_panic_text(RT_STR("range function continued iteration after whole loop exit"));
    case RS_LOST_PANIC:
        rt_panic_text(RT_STR("range function recovered a loop body panic and did not resume panicking"));
    case RS_READY: break;
    }
    rt_fatal(RT_STR("unexpected state of a range loop over a function"));
}
