#pragma once
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

// libcurl by dlopen. Only the declarations of <curl/curl.h> are used; nothing here links against the library, because
// its thirty dependencies would be loaded at every start of a program that may never send a request. A direct call of
// a curl_ function therefore fails to link, and that is meant: everything goes through these wrappers.
//
// ccurl_load must have returned NULL before any other function is called.

// Macros with casts are not visible in Swift.
static const long ccurl_auth_basic = (long)CURLAUTH_BASIC;
static const long ccurl_auth_digest = (long)CURLAUTH_DIGEST;

/// Loads libcurl.so.4 and initialises it, once per process; safe from every thread.
/// NULL when it worked, else what went wrong (lives as long as the process).
const char *_Nullable ccurl_load(void);

typedef size_t (*ccurl_bytes_callback)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
typedef int (*ccurl_seek_callback)(void *_Nullable context, curl_off_t offset, int origin);
typedef int (*ccurl_prereq_callback)(
    void *_Nullable context, char *_Nullable primary_ip, char *_Nullable local_ip, int primary_port, int local_port);

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull easy);
void ccurl_easy_reset(CURL *_Nonnull easy);
const char *_Nonnull ccurl_easy_strerror(CURLcode code);

CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *_Nonnull easy, CURLoption option, int64_t value);
/// libcurl copies the string.
CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nonnull value);
/// libcurl keeps the pointer, but for CURLOPT_COPYPOSTFIELDS.
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, const void *_Nullable value);
CURLcode ccurl_set_write(CURL *_Nonnull easy, ccurl_bytes_callback _Nonnull callback, void *_Nonnull context);
CURLcode ccurl_set_header(CURL *_Nonnull easy, ccurl_bytes_callback _Nonnull callback, void *_Nonnull context);
CURLcode ccurl_set_read(CURL *_Nonnull easy, ccurl_bytes_callback _Nonnull callback, void *_Nonnull context);
CURLcode ccurl_set_seek(CURL *_Nonnull easy, ccurl_seek_callback _Nonnull callback, void *_Nonnull context);
CURLcode ccurl_set_prereq(CURL *_Nonnull easy, ccurl_prereq_callback _Nonnull callback, void *_Nonnull context);

long ccurl_get_long(CURL *_Nonnull easy, CURLINFO info);
int64_t ccurl_get_offset(CURL *_Nonnull easy, CURLINFO info);

struct curl_slist *_Nullable ccurl_slist_append(struct curl_slist *_Nullable list, const char *_Nonnull line);
void ccurl_slist_free(struct curl_slist *_Nullable list);

CURLM *_Nullable ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_remove(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_perform(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_poll(CURLM *_Nonnull multi, int timeout_ms);
/// The only function that may be called from another thread than the one that drives the handle.
CURLMcode ccurl_multi_wakeup(CURLM *_Nonnull multi);
/// The next finished transfer, its result in *result; NULL when there is none.
CURL *_Nullable ccurl_multi_next_finished(CURLM *_Nonnull multi, CURLcode *_Nonnull result);
