#include "CYAML.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

// Every function used, once: the table, its loading and its types follow from this list.
#define CYAML_FUNCTIONS(X) \
  X(yaml_parser_initialize) \
  X(yaml_parser_delete) \
  X(yaml_parser_set_input_string) \
  X(yaml_parser_set_encoding) \
  X(yaml_parser_parse) \
  X(yaml_event_delete)

static struct {
#define X(name) __typeof__(&name) name;
  CYAML_FUNCTIONS(X)
#undef X
} table;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char failure_text[256];

static void load(void) {
  void *library = dlopen("libyaml-0.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(failure_text, sizeof failure_text, "%s", reason ? reason : "libyaml-0.so.2 cannot be loaded");
    failure = failure_text;
    return;
  }
#define X(name) \
  table.name = (__typeof__(table.name))dlsym(library, #name); \
  if (!table.name) { \
    failure = "libyaml-0.so.2 has no " #name; \
    return; \
  }
  CYAML_FUNCTIONS(X)
#undef X
}

const char *cyaml_load(void) {
  pthread_once(&once, load);
  return failure;
}

struct cyaml_parser {
  yaml_parser_t parser;
  yaml_event_t event;
  int has_event;
};

cyaml_parser *cyaml_parser_new(const unsigned char *bytes, size_t count) {
  cyaml_parser *parser = calloc(1, sizeof *parser);
  if (!parser) {
    return NULL;
  }
  if (!table.yaml_parser_initialize(&parser->parser)) {
    free(parser);
    return NULL;
  }
  table.yaml_parser_set_encoding(&parser->parser, YAML_UTF8_ENCODING);
  table.yaml_parser_set_input_string(&parser->parser, bytes, count);
  return parser;
}

static void forget_event(cyaml_parser *parser) {
  if (parser->has_event) {
    table.yaml_event_delete(&parser->event);
    parser->has_event = 0;
  }
}

void cyaml_parser_free(cyaml_parser *parser) {
  forget_event(parser);
  table.yaml_parser_delete(&parser->parser);
  free(parser);
}

int cyaml_next(cyaml_parser *parser, cyaml_event *event) {
  for (;;) {
    forget_event(parser);
    if (!table.yaml_parser_parse(&parser->parser, &parser->event)) {
      return 0;
    }
    parser->has_event = 1;
    yaml_event_t *found = &parser->event;
    *event = (cyaml_event){.line = found->start_mark.line, .column = found->start_mark.column};
    switch (found->type) {
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
      continue;
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT:
      event->kind = CYAML_END;
      return 1;
    case YAML_DOCUMENT_START_EVENT:
      event->kind = CYAML_DOCUMENT_START;
      return 1;
    case YAML_ALIAS_EVENT:
      event->kind = CYAML_ALIAS;
      return 1;
    case YAML_SCALAR_EVENT:
      event->kind = CYAML_SCALAR;
      event->text = found->data.scalar.value;
      event->length = found->data.scalar.length;
      event->is_plain = found->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && found->data.scalar.plain_implicit;
      event->has_anchor = found->data.scalar.anchor != NULL;
      return 1;
    case YAML_SEQUENCE_START_EVENT:
      event->kind = CYAML_SEQUENCE_START;
      event->has_anchor = found->data.sequence_start.anchor != NULL;
      return 1;
    case YAML_SEQUENCE_END_EVENT:
      event->kind = CYAML_SEQUENCE_END;
      return 1;
    case YAML_MAPPING_START_EVENT:
      event->kind = CYAML_MAPPING_START;
      event->has_anchor = found->data.mapping_start.anchor != NULL;
      return 1;
    case YAML_MAPPING_END_EVENT:
      event->kind = CYAML_MAPPING_END;
      return 1;
    }
  }
}

cyaml_problem cyaml_failure(const cyaml_parser *parser) {
  const yaml_parser_t *failed = &parser->parser;
  int is_reading = failed->error == YAML_READER_ERROR;
  return (cyaml_problem){
      .problem = failed->problem ? failed->problem : "there is not enough memory",
      .line = failed->problem_mark.line,
      .column = failed->problem_mark.column,
      .offset = is_reading ? (int64_t)failed->problem_offset : -1,
  };
}
