/*
 * A disk in our hands, for LD_PRELOAD. FSYNC_CTL names a file with one number: fsync waits so many milliseconds, or fails
 * with EIO where it is below zero. READ_CTL and WRITE_CTL name files with a number each: every so-manieth read or write of a
 * database fails with EIO, and of the writes that fail every second has written half. SHADOW names a folder that gets, file by file, only what was fsynced: what a power cut
 * would leave behind. It mirrors files that have ".db" in their name.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number_in(const char *variable) {
  const char *path = getenv(variable);
  char text[16] = {0};
  int value = 0, file;
  if (path && (file = open(path, O_RDONLY)) >= 0) {
    if (read(file, text, 15) > 0) value = atoi(text);
    close(file);
  }
  return value;
}

/* Where a descriptor leads; its last part, or null where that is no database. */
static char *database_behind(int fd, char path[PATH_MAX]) {
  char link[64];
  ssize_t count;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if ((count = readlink(link, path, PATH_MAX - 1)) < 0) return NULL;
  path[count] = 0;
  char *name = strrchr(path, '/');
  return name && strstr(name, ".db") ? name : NULL;
}

/* Whether this read or write is one that fails. */
static int is_met(const char *variable, int fd, unsigned *count) {
  char path[PATH_MAX];
  int every = getenv(variable) ? number_in(variable) : 0;
  if (every <= 0 || !database_behind(fd, path)) return 0;
  return __atomic_add_fetch(count, 1, __ATOMIC_RELAXED) % every == 0;
}

static unsigned reads, writes, failures;

#define READS(name, offset_type)                                            \
  ssize_t name(int fd, void *bytes, size_t length, offset_type offset) {    \
    static ssize_t (*real)(int, void *, size_t, offset_type);               \
    if (!real) real = dlsym(RTLD_NEXT, #name);                              \
    if (is_met("READ_CTL", fd, &reads)) {                                   \
      errno = EIO;                                                          \
      return -1;                                                            \
    }                                                                       \
    return real(fd, bytes, length, offset);                                 \
  }
READS(pread, off_t)
READS(pread64, off64_t)

#define WRITES(name, offset_type)                                                 \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) {    \
    static ssize_t (*real)(int, const void *, size_t, offset_type);               \
    if (!real) real = dlsym(RTLD_NEXT, #name);                                    \
    if (is_met("WRITE_CTL", fd, &writes)) {                                       \
      if (__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED) % 2 == 0) real(fd, bytes, length / 2, offset); \
      errno = EIO;                                                                \
      return -1;                                                                  \
    }                                                                             \
    return real(fd, bytes, length, offset);                                       \
  }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

static int control(void) {
  int value = number_in("FSYNC_CTL");
  if (value < 0) {
    errno = EIO;
    return -1;
  }
  if (value) usleep(value * 1000);
  return 0;
}

static void shadow(int fd) {
  const char *folder = getenv("SHADOW");
  char path[PATH_MAX], to[PATH_MAX], partial[PATH_MAX];
  static __thread char bytes[65536];
  ssize_t count;
  if (!folder) return;
  char *name = database_behind(fd, path);
  if (!name) return;
  if (snprintf(partial, sizeof partial, "%s%s.partial", folder, name) >= (int)sizeof partial) return;
  if (snprintf(to, sizeof to, "%s%s", folder, name) >= (int)sizeof to) return;
  /* One copy at a time: of two threads that sync one file, the later copy is the newer one. */
  static int copying;
  while (__atomic_exchange_n(&copying, 1, __ATOMIC_ACQUIRE)) usleep(50);
  int in = open(path, O_RDONLY), out = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  while ((count = read(in, bytes, sizeof bytes)) > 0)
    if (write(out, bytes, count) != count) break;
  close(in);
  close(out);
  rename(partial, to);
  __atomic_store_n(&copying, 0, __ATOMIC_RELEASE);
}

#define HOOK(name)                                    \
  int name(int fd) {                                  \
    static int (*real)(int);                          \
    if (!real) real = dlsym(RTLD_NEXT, #name);        \
    if (control()) return -1;                         \
    int result = real(fd);                            \
    if (!result) shadow(fd);                          \
    return result;                                    \
  }
HOOK(fsync)
HOOK(fdatasync)

/* Else a dead journal would roll the shadow back. */
int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "unlink");
  const char *folder = getenv("SHADOW"), *name = strrchr(path, '/');
  char to[PATH_MAX];
  if (folder && name && strstr(name, ".db") && snprintf(to, sizeof to, "%s%s", folder, name) < (int)sizeof to) real(to);
  return real(path);
}
