/* classes.c: sizes of objects: Go 1.23's classes, since capacities of slices show them.
 *
 * Two tables give the class of a size, in steps of 8 bytes up to SMALL_LIMIT and of 128 above. */
#include "runtime/heap/span.h"

enum { SMALL_LIMIT = 1024, SMALL_STEP = 8, MEDIUM_STEP = 128 };

const uint16_t rt_class_size[RT_SIZE_CLASSES] = {
    0,    8,    16,   24,   32,    48,    64,    80,    96,    112,   128,   144,   160,   176,   192,   208,   224,
    240,  256,  288,  320,  352,   384,   416,   448,   480,   512,   576,   640,   704,   768,   896,   1024,  1152,
    1280, 1408, 1536, 1792, 2048,  2304,  2688,  3072,  3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,
    8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
};

uint8_t rt_class_small[SMALL_LIMIT / SMALL_STEP + 1];
uint8_t rt_class_medium[(RT_MEDIUM_MAX - SMALL_LIMIT) / MEDIUM_STEP + 1];

void rt_classes_start(void) {
    int c = 0;
    for (int i = 0; i < RT_COUNT(rt_class_small); i++) {
        while (rt_class_size[c] < i * SMALL_STEP) c++;
        rt_class_small[i] = (uint8_t)c;
    }
    for (int i = 0; i < RT_COUNT(rt_class_medium); i++) {
        while (rt_class_size[c] < SMALL_LIMIT + i * MEDIUM_STEP) c++;
        rt_class_medium[i] = (uint8_t)c;
    }
}

int rt_class_of(size_t size) {
    if (size <= SMALL_LIMIT) return rt_class_small[(size + SMALL_STEP - 1) / SMALL_STEP];
    return rt_class_medium[(size - SMALL_LIMIT + MEDIUM_STEP - 1) / MEDIUM_STEP];
}

size_t rt_heap_round(size_t size, bool noscan) {
    if (size > LARGE_FROM) {
        size_t whole = (size + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
        return whole < size ? size : whole;
    }
    size_t word = !noscan && size > RT_SMALL_MAX ? TYPE_WORD : 0;
    return rt_class_size[rt_class_of(size + word)] - word;
}
