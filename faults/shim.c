/*
 * A disk in our hands, for LD_PRELOAD. FSYNC_CTL names a file with one number: fsync waits so many milliseconds, or fails
 * with EIO where it is below zero. SHADOW names a folder that gets, file by file, only what was fsynced: what a power cut
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

static int control(void) {
  const char *path = getenv("FSYNC_CTL");
  char text[16] = {0};
  int value = 0, file;
  if (path && (file = open(path, O_RDONLY)) >= 0) {
    if (read(file, text, 15) > 0) value = atoi(text);
    close(file);
  }
  if (value < 0) {
    errno = EIO;
    return -1;
  }
  if (value) usleep(value * 1000);
  return 0;
}

static void shadow(int fd) {
  const char *folder = getenv("SHADOW");
  char link[64], path[PATH_MAX], to[PATH_MAX], partial[PATH_MAX];
  static __thread char bytes[65536];
  ssize_t count;
  if (!folder) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if ((count = readlink(link, path, PATH_MAX - 1)) < 0) return;
  path[count] = 0;
  char *name = strrchr(path, '/');
  if (!name || !strstr(name, ".db")) return;
  if (snprintf(partial, sizeof partial, "%s%s.partial", folder, name) >= (int)sizeof partial) return;
  if (snprintf(to, sizeof to, "%s%s", folder, name) >= (int)sizeof to) return;
  int in = open(path, O_RDONLY), out = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  while ((count = read(in, bytes, sizeof bytes)) > 0)
    if (write(out, bytes, count) != count) break;
  close(in);
  close(out);
  rename(partial, to);
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
