/* gc.c: the collector's side of allocation. Nothing is collected until threads can be stopped (sched.h). */
#include "runtime/heap/gc.h"
#include "runtime/heap/settings.h"
#include "runtime/heap/span.h"
RtGcSettings rt_gc_settings;
void rt_gc_poll(size_t more) { (void)more; }
bool rt_gc_for_memory(void) { return false; }
void rt_gc_count_large(size_t size) { (void)size; }
void rt_heap_start(void) { static bool started; if (started) return; started = true; rt_pages_start(); rt_classes_start(); }
