/*
 * expect.c: whether answers are as expected. See p2mlab.h.
 */
#include "connection.h"

#include <stdarg.h>
#include <stdio.h>

/* How much of a value a message tells, in bytes. */
#define MAX_VALUE 200

/* A place in a value: below `above`, the member `name`, or without that the element `index`. */
struct place {
    const struct place *above;
    const char *name;
    size_t index;
};

/* Where text is written to, cut to its size. */
struct text {
    char *bytes;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static void write_text(struct text *text, const char *format,
                                                             ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text->bytes, text->size, format, arguments);
    va_end(arguments);
    if (length < 0 || text->size == 0)
        return;
    length = (size_t)length < text->size ? length : (int)text->size - 1;
    text->bytes += length;
    text->size -= (size_t)length;
}

static void write_place(struct text *text, const struct place *place)
{
    if (!place)
        return;
    write_place(text, place->above);
    if (place->name)
        write_text(text, "/%s", place->name);
    else
        write_text(text, "/%zu", place->index);
}

/* json_dump_callback's: as much as fits. */
static int write_piece(const char *bytes, size_t size, void *text)
{
    write_text(text, "%.*s", (int)size, bytes);
    return 0;
}

static void write_value(struct text *text, json_t *value)
{
    struct text cut = {text->bytes, text->size < MAX_VALUE ? text->size : MAX_VALUE};

    if (!value)
        write_text(&cut, "nothing");
    else
        json_dump_callback(value, write_piece, &cut, JSON_COMPACT | JSON_ENCODE_ANY);
    text->size -= (size_t)(cut.bytes - text->bytes);
    text->bytes = cut.bytes;
}

static bool differ(struct text *text, const struct place *place, json_t *expected, json_t *actual)
{
    if (!text->bytes)
        return false;
    write_place(text, place);
    write_text(text, "%s expected ", place ? ":" : "");
    write_value(text, expected);
    write_text(text, ", got ");
    write_value(text, actual);
    return false;
}

/* NULL is what is not there, and matches nothing. */
static bool matches(json_t *expected, json_t *actual, const struct place *place, struct text *text)
{
    struct place below = {.above = place};
    json_t *value;
    void *member;
    size_t count;

    if (json_is_object(expected) && json_is_object(actual)) {
        for (member = json_object_iter(expected); member;
             member = json_object_iter_next(expected, member)) {
            below.name = json_object_iter_key(member);
            value = json_object_iter_value(member);
            if (!matches(value, json_object_get(actual, below.name), &below, text))
                return false;
        }
        return true;
    }
    if (json_is_array(expected) && json_is_array(actual)) {
        count = json_array_size(expected);
        if (count < json_array_size(actual))
            count = json_array_size(actual);
        for (; below.index < count; below.index++) {
            value = json_array_get(expected, below.index);
            if (!matches(value, json_array_get(actual, below.index), &below, text))
                return false;
        }
        return true;
    }
    return json_equal(expected, actual) || differ(text, place, expected, actual);
}

bool p2mlab_matches(json_t *expected, json_t *actual, char *difference, size_t size)
{
    struct text text = {difference, size};

    return matches(expected, actual, NULL, &text);
}

json_t *p2mlab_expect(struct p2mlab *lab, json_t *answer, const char *list, const char *format, ...)
{
    json_t *elements = json_object_get(answer, list), *element, *found = NULL, *members;
    char message[sizeof((struct p2mlab_error *)NULL)->message];
    struct text text = {message, sizeof message};
    json_error_t why;
    va_list arguments;
    size_t k;

    if (!answer && lab->error.failure != P2MLAB_NONE)
        return NULL;
    va_start(arguments, format);
    members = json_vpack_ex(&why, 0, format, arguments);
    va_end(arguments);
    if (!members || !json_is_array(elements)) {
        p2mlab_fail(lab, P2MLAB_MISUSE, 0, "%s: %s", members ? list : format,
                    members ? "the answer has no such array" : why.text);
        json_decref(members);
        return NULL;
    }
    json_array_foreach(elements, k, element) if (!found && p2mlab_matches(members, element, NULL,
                                                                          0)) found = element;
    if (!found) {
        write_text(&text, "none of the %s is ", list);
        write_value(&text, members);
        write_text(&text, "; they are ");
        write_value(&text, elements);
        p2mlab_fail(lab, P2MLAB_DIFFERENT, 0, "%s", message);
    }
    json_decref(members);
    return found;
}
