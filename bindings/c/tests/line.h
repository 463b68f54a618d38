/* Files of lines of words: a word at a time, and numbers. */
#ifndef LINE_H
#define LINE_H

#include "check.h"

/* Cuts the next line off `*text`; NULL where there is none. */
static inline char *next_line(char **text) {
    char *line = *text, *end;

    if (*line == 0) {
        return NULL;
    }
    end = strchr(line, '\n');
    *text = end != NULL ? end + 1 : line + strlen(line);
    if (end != NULL) {
        *end = 0;
    }
    return line;
}

/* Cuts the next word off `*line`; an empty one at its end. */
static inline char *next_word(char **line) {
    char *word = *line, *end = strchr(word, ' ');

    *line = end != NULL ? end + 1 : word + strlen(word);
    if (end != NULL) {
        *end = 0;
    }
    return word;
}

/* The status that has a word, from `first` on. */
static inline fuelbox_status status_named(const char *word, fuelbox_status first) {
    fuelbox_status status;

    for (status = first; status < first + 100; status++) {
        if (strcmp(fuelbox_status_name(status), word) == 0) {
            return status;
        }
    }
    return -1;
}

/* What a usage of a report is. */
static inline uint64_t usage(const fuelbox_report *report, const char *name) {
    uint64_t value = 0;

    OK(fuelbox_report_usage(report, name, strlen(name), &value));
    return value;
}

#endif
