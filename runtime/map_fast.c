/* map_fast.c: the operations on maps with 32-bit, 64-bit and string keys: the general algorithm of map.h with the
 * class of the key known, so that hashing and comparing are inline. */
#include "runtime/map.h"

#define FAST_MAP(suffix, class, Key)                                                                             \
    void *rt_map_access_##suffix(const GoMapType *t, GoMap *m, Key key) { return map_access(t, m, class, &key).p; } \
    GoPB rt_map_access2_##suffix(const GoMapType *t, GoMap *m, Key key) { return map_access(t, m, class, &key); }   \
    void *rt_map_assign_##suffix(const GoMapType *t, GoMap *m, Key key) { return map_assign(t, m, class, &key); }

FAST_MAP(32, KEY_32, uint32_t)
FAST_MAP(64, KEY_64, uint64_t)
FAST_MAP(str, KEY_STRING, GoString)
