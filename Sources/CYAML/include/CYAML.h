#pragma once

#include <stddef.h>
#include <stdint.h>

// libyaml as a stream of events, loaded with dlopen at the first file: a plain `rundown enqueue` reads none, and a library
// that is linked costs every start.

typedef enum {
  CYAML_END,
  CYAML_DOCUMENT_START,
  CYAML_ALIAS,
  CYAML_SCALAR,
  CYAML_SEQUENCE_START,
  CYAML_SEQUENCE_END,
  CYAML_MAPPING_START,
  CYAML_MAPPING_END,
} cyaml_kind;

// Lines and columns count from 0, columns in code points.
typedef struct {
  cyaml_kind kind;
  // A scalar's text, valid until the next event.
  const unsigned char *text;
  size_t length;
  // Of a scalar: written without quotes and without a tag, so that `null` means nothing is given.
  int is_plain;
  int has_anchor;
  size_t line;
  size_t column;
} cyaml_event;

typedef struct {
  // A few words of libyaml's, such as "mapping values are not allowed in this context".
  const char *problem;
  size_t line;
  size_t column;
  // Where a byte or character that cannot be read stands; -1 when the place is line and column.
  int64_t offset;
} cyaml_problem;

typedef struct cyaml_parser cyaml_parser;

// NULL, or why libyaml cannot be loaded.
const char *cyaml_load(void);

// A parser over bytes that must outlive it; NULL without memory. After a successful cyaml_load only.
cyaml_parser *cyaml_parser_new(const unsigned char *bytes, size_t count);
void cyaml_parser_free(cyaml_parser *parser);

// The next event, starts and ends of the stream and ends of documents left out. Returns 0 when the text is not YAML.
int cyaml_next(cyaml_parser *parser, cyaml_event *event);
cyaml_problem cyaml_failure(const cyaml_parser *parser);
