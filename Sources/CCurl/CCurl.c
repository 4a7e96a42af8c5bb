#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// Every function used, once: the table, its loading and its types follow from this list.
#define CCURL_FUNCTIONS(X) \
  X(curl_global_init) \
  X(curl_easy_init) \
  X(curl_easy_cleanup) \
  X(curl_easy_reset) \
  X(curl_easy_strerror) \
  X(curl_easy_setopt) \
  X(curl_easy_getinfo) \
  X(curl_slist_append) \
  X(curl_slist_free_all) \
  X(curl_multi_init) \
  X(curl_multi_cleanup) \
  X(curl_multi_setopt) \
  X(curl_multi_add_handle) \
  X(curl_multi_remove_handle) \
  X(curl_multi_perform) \
  X(curl_multi_poll) \
  X(curl_multi_wakeup) \
  X(curl_multi_info_read)

// With optimisation <curl/curl.h> turns these into type-checking macros, which would hide the table's fields.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static struct {
#define X(name) __typeof__(&name) name;
  CCURL_FUNCTIONS(X)
#undef X
} table;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char failure_text[256];

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(failure_text, sizeof failure_text, "%s", reason ? reason : "libcurl.so.4 cannot be loaded");
    failure = failure_text;
    return;
  }
#define X(name) \
  table.name = (__typeof__(table.name))dlsym(library, #name); \
  if (!table.name) { \
    failure = "libcurl.so.4 has no " #name; \
    return; \
  }
  CCURL_FUNCTIONS(X)
#undef X
  // curl_global_init counts as not thread-safe before 7.84; pthread_once makes it so for our own callers.
  CURLcode code = table.curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    failure = table.curl_easy_strerror(code);
  }
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return failure;
}

CURL *ccurl_easy_init(void) { return table.curl_easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { table.curl_easy_cleanup(easy); }
void ccurl_easy_reset(CURL *easy) { table.curl_easy_reset(easy); }
const char *ccurl_easy_strerror(CURLcode code) { return table.curl_easy_strerror(code); }

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return table.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_offset(CURL *easy, CURLoption option, int64_t value) {
  return table.curl_easy_setopt(easy, option, (curl_off_t)value);
}

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
  return table.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) {
  return table.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_write(CURL *easy, ccurl_bytes_callback callback, void *context) {
  table.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
  return table.curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

CURLcode ccurl_set_header(CURL *easy, ccurl_bytes_callback callback, void *context) {
  table.curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
  return table.curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

CURLcode ccurl_set_read(CURL *easy, ccurl_bytes_callback callback, void *context) {
  table.curl_easy_setopt(easy, CURLOPT_READFUNCTION, callback);
  return table.curl_easy_setopt(easy, CURLOPT_READDATA, context);
}

CURLcode ccurl_set_seek(CURL *easy, ccurl_seek_callback callback, void *context) {
  table.curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
  return table.curl_easy_setopt(easy, CURLOPT_SEEKDATA, context);
}

CURLcode ccurl_set_prereq(CURL *easy, ccurl_prereq_callback callback, void *context) {
  CURLcode code = table.curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
  if (code != CURLE_OK) {
    return code;
  }
  return table.curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  table.curl_easy_getinfo(easy, info, &value);
  return value;
}

int64_t ccurl_get_offset(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  table.curl_easy_getinfo(easy, info, &value);
  return value;
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line) {
  return table.curl_slist_append(list, line);
}

void ccurl_slist_free(struct curl_slist *list) { table.curl_slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return table.curl_multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { table.curl_multi_cleanup(multi); }

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return table.curl_multi_setopt(multi, option, value);
}

CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return table.curl_multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return table.curl_multi_remove_handle(multi, easy); }

CURLMcode ccurl_multi_perform(CURLM *multi) {
  int running = 0;
  return table.curl_multi_perform(multi, &running);
}

CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_ms) {
  return table.curl_multi_poll(multi, NULL, 0, timeout_ms, NULL);
}

CURLMcode ccurl_multi_wakeup(CURLM *multi) { return table.curl_multi_wakeup(multi); }

CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = table.curl_multi_info_read(multi, &left))) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}
