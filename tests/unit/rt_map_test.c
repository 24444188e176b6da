/* Maps against a model: random operations on every class of key and several sizes of element, among them changes
 * while iterating. Keys and elements are made from small numbers, so that the model is an array. */
#include "rt_support.h"

enum { IDS = 3000, MAX_KEY = 200, MAX_ELEM = 200 };

/* ---- kinds of keys: how a number becomes a key ---- */

typedef union Key { uint8_t bytes[MAX_KEY]; uint64_t word; uint32_t half; double real; GoString text; } Key;

typedef struct KeyKind {
    const char *name;
    size_t size;
    int kind;
    bool regular;
    void (*make)(Key *k, int id);
    HashFunc *hash;
    EqualFunc *equal;
    unsigned flags;
} KeyKind;

static void make_word(Key *k, int id) { k->word = (uint64_t)id << 32 | (uint64_t)id; }
static void make_half(Key *k, int id) { k->half = (uint32_t)id * 4096; }
static void make_real(Key *k, int id) { k->real = id * 0.5; }
static void make_pair(Key *k, int id) {
    memset(k->bytes, 0, 16);
    memcpy(k->bytes + 3, &id, sizeof id);
}
static void make_triple(Key *k, int id) { memcpy(k->bytes, &id, 3); }
static void make_large(Key *k, int id) {
    memset(k->bytes, id & 0xff, MAX_KEY);
    memcpy(k->bytes + MAX_KEY - 4, &id, sizeof id);
}

/* Every length up to 40, many with equal ends, each in fresh memory. */
static void make_text(Key *k, int id) {
    int len = id % 40 + (id >= 40 ? 3 : 0);
    uint8_t *p = malloc(64);
    memset(p, 'x', 64);
    for (int i = 0, v = id; i < len && v; i++, v /= 10) p[len / 2 + i < len ? len / 2 + i : len - 1 - i] = (uint8_t)('0' + v % 10);
    if (len >= 2) p[0] = (uint8_t)(id >> 8), p[1] = (uint8_t)id;
    if (len == 1) p[0] = (uint8_t)id;
    k->text = (GoString){len ? p : NULL, len};
}

static uintptr_t hash_any_word(const void *p, uintptr_t seed, GoClosure *env) { (void)env; return rt_hash_mem(p, seed, 8); }
static uintptr_t hash_real(const void *p, uintptr_t seed, GoClosure *env) { (void)env; return rt_hash_f64(p, seed); }
static uintptr_t hash_badly(const void *p, uintptr_t seed, GoClosure *env) { (void)seed, (void)env; return *(const uint64_t *)p % 7; }
static uintptr_t hash_large(const void *p, uintptr_t seed, GoClosure *env) { (void)env; return rt_hash_mem(p, seed, MAX_KEY); }
static uintptr_t hash_none(const void *p, uintptr_t seed, GoClosure *env) { (void)p, (void)seed, (void)env; abort(); }
static bool equal_word(const void *p, const void *q, GoClosure *env) { (void)env; return memcmp(p, q, 8) == 0; }
static bool equal_real(const void *p, const void *q, GoClosure *env) { (void)env; return *(const double *)p == *(const double *)q; }
static bool equal_large(const void *p, const void *q, GoClosure *env) { (void)env; return memcmp(p, q, MAX_KEY) == 0; }

static const KeyKind key_kinds[] = {
    {"int64", 8, GK_INT64, true, make_word, hash_none, NULL, MF_REFLEXIVE},
    {"int32", 4, GK_INT32, true, make_half, hash_none, NULL, MF_REFLEXIVE},
    {"string", 16, GK_STRING, false, make_text, hash_none, NULL, MF_REFLEXIVE | MF_NEED_KEY_UPDATE},
    {"[16]byte", 16, GK_ARRAY, true, make_pair, hash_none, NULL, MF_REFLEXIVE},
    {"[3]byte", 3, GK_ARRAY, true, make_triple, hash_none, NULL, MF_REFLEXIVE},
    {"own hash", 8, GK_STRUCT, false, make_word, hash_any_word, equal_word, MF_REFLEXIVE},
    {"bad hash", 8, GK_STRUCT, false, make_word, hash_badly, equal_word, MF_REFLEXIVE},
    {"float64", 8, GK_FLOAT64, false, make_real, hash_real, equal_real, MF_NEED_KEY_UPDATE},
    {"[200]byte", MAX_KEY, GK_ARRAY, true, make_large, hash_large, equal_large, MF_REFLEXIVE | MF_INDIRECT_KEY},
};

/* ---- a map and its model ---- */

typedef struct Model {
    const KeyKind *kk;
    GoType key, elem;
    GoClosure hash, equal;
    GoMapType type;
    GoMap *m;
    int64_t count;
    uint32_t value[IDS];  /* 0: absent */
    uint32_t next_value;
    /* while iterating */
    uint32_t round, seen[IDS], deleted[IDS], added[IDS];
} Model;

static uint64_t rng = 88172645463325252u;
static uint64_t random_below(uint64_t n) {
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (rng >> 11) % n;
}

static void model_init(Model *o, const KeyKind *kk, size_t elem_size, int64_t hint) {
    memset(o, 0, sizeof *o);
    o->kk = kk;
    o->hash.code = (void *)kk->hash;
    o->equal.code = (void *)kk->equal;
    o->key = (GoType){.size = kk->size, .kind = (uint8_t)kk->kind, .equal = &o->equal, .tflag = kk->regular ? TF_REGULAR_MEMORY : 0};
    o->elem = (GoType){.size = elem_size, .ptr_bytes = 0};
    o->type = (GoMapType){.key = &o->key, .elem = &o->elem, .hasher = &o->hash, .flags = kk->flags};
    o->m = rt_map_make(&o->type, hint);
}

static void fill_elem(uint8_t *p, size_t n, uint32_t v) {
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)(v >> (i % 4 * 8));
}

static void check_elem(const Model *o, const uint8_t *p, int id) {
    uint8_t want[MAX_ELEM];
    fill_elem(want, o->elem.size, o->value[id]);
    assert_memory_equal(p, want, o->elem.size);
}

static void check_len(const Model *o) { assert_int_equal(*(int64_t *)o->m, o->count); }

static void do_assign(Model *o, int id) {
    Key k;
    o->kk->make(&k, id);
    uint8_t *p = rt_map_assign(&o->type, o->m, &k);
    if (o->value[id]) {
        check_elem(o, p, id);
    } else {
        o->count++;
        o->added[id] = o->round;
        for (size_t i = 0; i < o->elem.size; i++) assert_int_equal(p[i], 0);
    }
    o->value[id] = ++o->next_value;
    fill_elem(p, o->elem.size, o->value[id]);
    check_len(o);
}

static void do_delete(Model *o, int id) {
    Key k;
    o->kk->make(&k, id);
    rt_map_delete(&o->type, o->m, &k);
    if (o->value[id]) o->count--, o->deleted[id] = o->round;
    o->value[id] = 0;
    check_len(o);
}

static void do_access(Model *o, int id) {
    Key k;
    o->kk->make(&k, id);
    GoPB r = rt_map_access2(&o->type, o->m, &k);
    assert_int_equal(r.ok, o->value[id] != 0);
    check_elem(o, r.p, id);
    assert_ptr_equal(rt_map_access(&o->type, o->m, &k), r.p);
}

static void do_clear(Model *o) {
    rt_map_clear(&o->type, o->m);
    for (int i = 0; i < IDS; i++)
        if (o->value[i]) o->value[i] = 0, o->deleted[i] = o->round;
    o->count = 0;
    check_len(o);
}

static int id_of_text(const Model *o, GoString text) {
    Key made;
    for (int id = 0; id < IDS; id++) {
        o->kk->make(&made, id);
        bool same = rt_string_equal(made.text, text);
        free((void *)made.text.ptr);
        if (same) return id;
    }
    return -1;
}

static int id_of(const Model *o, const void *key) {
    Key k;
    int id = 0;
    memcpy(&k, key, o->kk->size);
    switch (o->kk->kind) {
    case GK_FLOAT64: return (int)(k.real * 2);
    case GK_INT32: return (int)(k.half / 4096);
    case GK_STRING: return id_of_text(o, k.text);
    default: break;
    }
    if (o->kk->size == 8) return (int)k.word;
    if (o->kk->size == 3) memcpy(&id, k.bytes, 3);
    else memcpy(&id, k.bytes + (o->kk->size == 16 ? 3 : MAX_KEY - 4), 4);
    return id;
}

/* Ranges over the map; with changes, does random operations in between. */
static void do_iterate(Model *o, int ids, bool changes) {
    static uint32_t before[IDS];
    memcpy(before, o->value, sizeof before);
    o->round++;
    RtMapIter it;
    for (rt_map_iter_init(&o->type, o->m, &it); it.key; rt_map_iter_next(&it)) {
        int id = id_of(o, it.key);
        assert_in_range(id, 0, IDS - 1);
        assert_true(o->value[id]); /* deleted entries are not produced */
        check_elem(o, it.elem, id);
        if (o->seen[id] == o->round) assert_int_equal(o->deleted[id], o->round); /* only if deleted and added anew */
        o->seen[id] = o->round;
        if (!changes) continue;
        for (uint64_t n = random_below(4); n > 0; n--) {
            int other = (int)random_below((uint64_t)ids);
            if (random_below(3) == 0) do_assign(o, other);
            else if (random_below(2)) do_delete(o, other);
        }
        if (random_below(500) == 0) do_clear(o);
    }
    for (int id = 0; id < IDS; id++) /* what was there all the time was produced */
        if (before[id] && o->deleted[id] != o->round) assert_int_equal(o->seen[id], o->round);
    if (!changes) assert_int_equal(it.key == NULL, true);
}

static void run_model(const KeyKind *kk, size_t elem_size, int ids, int steps, int64_t hint) {
    Model *o = malloc(sizeof *o);
    model_init(o, kk, elem_size, hint);
    for (int i = 0; i < steps; i++) {
        int id = (int)random_below((uint64_t)ids);
        switch (random_below(100)) {
        case 0: do_iterate(o, ids, true); break;
        case 1: do_iterate(o, ids, false); break;
        case 2:
            if (random_below(20) == 0) do_clear(o);
            break;
        default:
            if (random_below(100) < 40) do_access(o, id);
            else if (random_below(100) < (i / 1000 % 2 ? 30u : 70u)) do_assign(o, id);
            else do_delete(o, id);
        }
    }
    for (int id = 0; id < ids; id++) do_access(o, id);
    free(o);
}

static void test_model(void **state) {
    (void)state;
    static const size_t elems[] = {0, 1, 8, 24, MAX_ELEM};
    for (int k = 0; k < RT_COUNT(key_kinds); k++)
        for (int e = 0; e < RT_COUNT(elems); e++) {
            bool slow = key_kinds[k].kind == GK_STRING || key_kinds[k].hash == hash_badly;
            run_model(&key_kinds[k], elems[e], 6, 1000, 0);
            run_model(&key_kinds[k], elems[e], 60, 3000, e * 10);
            run_model(&key_kinds[k], elems[e], slow ? 300 : IDS, slow ? 3000 : 20000, 0);
        }
}

/* ---- the entry points with keys by value agree with the general ones ---- */

static void test_fast_and_general_agree(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    model_init(o, &key_kinds[0], 8, 0);
    for (uint64_t i = 0; i < 1000; i++) *(uint64_t *)rt_map_assign_64(&o->type, o->m, i) = i * 3;
    for (uint64_t i = 0; i < 1000; i++) assert_int_equal(*(uint64_t *)rt_map_access(&o->type, o->m, &i), i * 3);
    for (uint64_t i = 0; i < 1000; i += 2) rt_map_delete(&o->type, o->m, &i);
    for (uint64_t i = 0; i < 1000; i++) assert_int_equal(rt_map_access2_64(&o->type, o->m, i).ok, i % 2);
    model_init(o, &key_kinds[1], 4, 0);
    for (uint32_t i = 0; i < 1000; i++) *(uint32_t *)rt_map_assign(&o->type, o->m, &i) = i * 3;
    for (uint32_t i = 0; i < 1000; i++) assert_int_equal(*(uint32_t *)rt_map_access_32(&o->type, o->m, i), i * 3);
    model_init(o, &key_kinds[2], 4, 0);
    for (uint32_t i = 0; i < 200; i++) {
        Key k;
        make_text(&k, (int)i);
        *(uint32_t *)rt_map_assign_str(&o->type, o->m, k.text) = i * 3;
        make_text(&k, (int)i);
        assert_int_equal(*(uint32_t *)rt_map_access(&o->type, o->m, &k), i * 3);
        assert_true(rt_map_access2_str(&o->type, o->m, k.text).ok);
    }
    free(o);
}

/* ---- NaN, +0 and -0 ---- */

static void test_nan(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    model_init(o, &key_kinds[7], 8, 0);
    double nan = __builtin_nan("");
    for (uint64_t i = 0; i < 100; i++) *(uint64_t *)rt_map_assign(&o->type, o->m, &nan) = i;
    assert_int_equal(*(int64_t *)o->m, 100);
    assert_false(rt_map_access2(&o->type, o->m, &nan).ok);
    rt_map_delete(&o->type, o->m, &nan);
    assert_int_equal(*(int64_t *)o->m, 100);
    uint64_t sum = 0, n = 0;
    RtMapIter it;
    for (rt_map_iter_init(&o->type, o->m, &it); it.key; rt_map_iter_next(&it)) {
        sum += *(uint64_t *)it.elem;
        if (++n == 10) /* grow under the iterator */
            for (int i = 0; i < 2000; i++) rt_map_assign(&o->type, o->m, &(double){i});
    }
    assert_true(n >= 100 && sum >= 4950);
    n = 0;
    for (rt_map_iter_init(&o->type, o->m, &it); it.key; rt_map_iter_next(&it))
        if (++n == 3) {
            for (int i = 0; i < 9000; i++) rt_map_assign(&o->type, o->m, &(double){i});
            rt_map_clear(&o->type, o->m);
        }
    assert_int_equal(n, 3); /* clear removes what can not be looked up */
    assert_int_equal(*(int64_t *)o->m, 0);
    free(o);
}

static void test_zero_signs(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    model_init(o, &key_kinds[7], 8, 0);
    double plus = 0, minus = -0.0;
    *(uint64_t *)rt_map_assign(&o->type, o->m, &plus) = 1;
    *(uint64_t *)rt_map_assign(&o->type, o->m, &minus) = 2;
    assert_int_equal(*(int64_t *)o->m, 1);
    RtMapIter it;
    rt_map_iter_init(&o->type, o->m, &it);
    assert_true(__builtin_signbit(*(double *)it.key)); /* the key is the one last assigned */
    free(o);
}

/* ---- nil maps, zero values, unhashable keys ---- */

static void assign_to_nil(void *o) { rt_map_assign_64(&((Model *)o)->type, NULL, 1); }
static void assign_to_nil_generally(void *o) { rt_map_assign(&((Model *)o)->type, NULL, &(uint64_t){1}); }

static void test_nil_map(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    model_init(o, &key_kinds[0], MAX_ELEM, 0);
    uint64_t key = 3;
    assert_false(rt_map_access2(&o->type, NULL, &key).ok);
    assert_false(rt_map_access2_64(&o->type, NULL, key).ok);
    rt_map_delete(&o->type, NULL, &key);
    rt_map_clear(&o->type, NULL);
    RtMapIter it;
    rt_map_iter_init(&o->type, NULL, &it);
    assert_null(it.key);
    assert_panics(assign_to_nil, o, "assignment to entry in nil map");
    assert_panics(assign_to_nil_generally, o, "assignment to entry in nil map");
    free(o);
}

static void test_large_zero_value(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 1024, 1025, 100000, 3000000};
    for (int i = 0; i < RT_COUNT(sizes); i++) {
        const uint8_t *p = rt_zero_value(sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++) assert_int_equal(p[k], 0);
    }
}

static GoType unhashable = {.size = 24, .kind = GK_SLICE};
static GoType any_type = {.size = 16, .kind = GK_INTERFACE};
static uintptr_t hash_eface(const void *p, uintptr_t seed, GoClosure *env) { (void)env; return rt_hash_eface(p, seed); }
static void use_unhashable(void *arg) {
    Model *o = arg;
    GoEface key = {&unhashable, &unhashable};
    rt_map_access(&o->type, o->m, &key);
}
static void delete_unhashable(void *arg) {
    Model *o = arg;
    GoEface key = {&unhashable, &unhashable};
    rt_map_delete(&o->type, o->m, &key);
}

static void test_unhashable(void **state) {
    (void)state;
    static uint8_t name[32];
    unhashable.str = put_name(name, 0, "[]int");
    static const KeyKind kk = {"any", 16, GK_INTERFACE, false, NULL, hash_eface, NULL, MF_HASH_MIGHT_PANIC};
    Model *o = malloc(sizeof *o);
    model_init(o, &kk, 8, 0);
    assert_panics(use_unhashable, o, "runtime error: hash of unhashable type []int");
    assert_panics(delete_unhashable, o, "runtime error: hash of unhashable type []int");
    o->m = NULL;
    assert_panics(use_unhashable, o, "runtime error: hash of unhashable type []int");
    (void)any_type;
    free(o);
}

/* ---- order, capacity, hash quality ---- */

static void test_order_is_random(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    for (int n = 3; n <= 30; n += 9) {
        model_init(o, &key_kinds[0], 8, 0);
        for (int i = 0; i < n; i++) do_assign(o, i);
        int first[30] = {0}, kinds = 0;
        for (int i = 0; i < 300; i++) {
            RtMapIter it;
            rt_map_iter_init(&o->type, o->m, &it);
            first[id_of(o, it.key)]++;
        }
        for (int i = 0; i < n; i++) kinds += first[i] > 0;
        assert_in_range(kinds, n < 8 ? n : n * 2 / 3, n); /* every one can come first */
    }
    free(o);
}

/* Steady insertion and deletion must not grow the table for ever. */
static void test_churn_is_bounded(void **state) {
    (void)state;
    Model *o = malloc(sizeof *o);
    model_init(o, &key_kinds[0], 8, 0);
    uint64_t before = rt_heap_in_use();
    for (uint64_t i = 0; i < 3000000; i++) {
        rt_map_assign_64(&o->type, o->m, i);
        if (i >= 1000) rt_map_delete(&o->type, o->m, &(uint64_t){i - 1000});
    }
    assert_int_equal(*(int64_t *)o->m, 1000);
    assert_true(rt_heap_in_use() - before < 4 << 20);
    free(o);
}

/* Regular keys spread over groups and tags like random ones. */
static void test_hash_spreads(void **state) {
    (void)state;
    enum { KEYS = 1 << 14, BINS = 1 << 11 };
    static int bins[BINS], tags[128];
    for (int shift = 0; shift < 50; shift += 5) {
        uint64_t seed = rt_random();
        memset(bins, 0, sizeof bins);
        memset(tags, 0, sizeof tags);
        for (uint64_t i = 0; i < KEYS; i++) {
            uint64_t h = rt_hash_mem(&(uint64_t){i << shift}, seed, 8);
            bins[(h >> 7) % BINS]++;
            tags[h & 127]++;
        }
        double chi = 0, mean = (double)KEYS / BINS;
        for (int i = 0; i < BINS; i++) chi += (bins[i] - mean) * (bins[i] - mean) / mean;
        assert_true(chi < BINS * 1.25); /* expected BINS, standard deviation 64 */
        for (int i = 0; i < 128; i++) assert_in_range(tags[i], KEYS / 128 / 2, KEYS / 128 * 2);
    }
}

static void test_hash_of_bytes(void **state) {
    (void)state;
    uint8_t text[100], copy[104];
    for (int i = 0; i < 100; i++) text[i] = (uint8_t)(i * 7);
    for (int n = 0; n <= 100; n++) {
        memcpy(copy + n % 4, text, (size_t)n);
        uintptr_t h = rt_hash_mem(text, 5, n);
        assert_int_equal(h, rt_hash_mem(copy + n % 4, 5, n));
        if (n) assert_int_not_equal(h, rt_hash_mem(text, 6, n));
        for (int i = 0; i < n; i++) { /* every byte counts */
            copy[n % 4 + i] ^= 1;
            assert_int_not_equal(h, rt_hash_mem(copy + n % 4, 5, n));
            copy[n % 4 + i] ^= 1;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_fast_and_general_agree),
        cmocka_unit_test(test_nan),
        cmocka_unit_test(test_zero_signs),
        cmocka_unit_test(test_nil_map),
        cmocka_unit_test(test_large_zero_value),
        cmocka_unit_test(test_unhashable),
        cmocka_unit_test(test_order_is_random),
        cmocka_unit_test(test_churn_is_bounded),
        cmocka_unit_test(test_hash_spreads),
        cmocka_unit_test(test_hash_of_bytes),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
