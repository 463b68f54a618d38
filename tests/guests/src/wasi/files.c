/* Does to files what a program can do, and checks each answer. */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void contents_are(const char *path, const char *expected) {
    char found[64];
    int fd = open(path, O_RDONLY);
    CHECK(fd >= 0);
    ssize_t len = read(fd, found, sizeof found);
    CHECK(len == (ssize_t)strlen(expected) && memcmp(found, expected, len) == 0);
    CHECK(read(fd, found, sizeof found) == 0);
    CHECK(close(fd) == 0);
    FAILS(close(fd), EBADF);
}

static void reading_and_writing(void) {
    char found[8] = {0};
    struct stat stat;
    int fd = open("/data/file", O_CREAT | O_EXCL | O_RDWR, 0666);
    CHECK(fd >= 0);
    FAILS(open("/data/file", O_CREAT | O_EXCL | O_RDWR, 0666), EEXIST);
    CHECK(write(fd, "hello world", 11) == 11);
    CHECK(lseek(fd, -5, SEEK_END) == 6);
    CHECK(read(fd, found, 5) == 5 && strcmp(found, "world") == 0);
    CHECK(lseek(fd, 0, SEEK_CUR) == 11);
    FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK(pwrite(fd, "W", 1, 6) == 1);
    CHECK(pread(fd, found, 5, 6) == 5 && strcmp(found, "World") == 0);
    CHECK(lseek(fd, 0, SEEK_CUR) == 11);
    CHECK(ftruncate(fd, 5) == 0);
    CHECK(fstat(fd, &stat) == 0 && stat.st_size == 5 && S_ISREG(stat.st_mode) && stat.st_nlink == 1);
    CHECK(ftruncate(fd, 8) == 0);
    CHECK(pread(fd, found, 8, 0) == 8 && memcmp(found, "hello\0\0\0", 8) == 0);
    CHECK(posix_fallocate(fd, 0, 10) == 0);
    CHECK(fstat(fd, &stat) == 0 && stat.st_size == 10);
    CHECK(posix_fadvise(fd, 0, 10, POSIX_FADV_WILLNEED) == 0);
    CHECK(fsync(fd) == 0 && fdatasync(fd) == 0);
    struct timespec times[2] = {{1, 2}, {3, 4}};
    CHECK(futimens(fd, times) == 0 && fstat(fd, &stat) == 0);
    CHECK(stat.st_atim.tv_sec == 1 && stat.st_atim.tv_nsec == 2);
    CHECK(stat.st_mtim.tv_sec == 3 && stat.st_mtim.tv_nsec == 4);
    CHECK(close(fd) == 0);

    fd = open("/data/file", O_WRONLY | O_TRUNC);
    CHECK(fd >= 0 && write(fd, "one", 3) == 3);
    FAILS(read(fd, found, 1), EBADF);
    CHECK(close(fd) == 0);
    fd = open("/data/file", O_WRONLY | O_APPEND);
    CHECK(fd >= 0 && write(fd, "two", 3) == 3 && close(fd) == 0);
    contents_are("/data/file", "onetwo");
    fd = open("/data/file", O_RDONLY);
    FAILS(write(fd, "x", 1), EBADF);
    CHECK(close(fd) == 0);
    FAILS(open("/data/file", O_RDONLY | O_DIRECTORY), ENOTDIR);
    FAILS(open("/data/none", O_RDONLY), ENOENT);
    FAILS(open("/data/file/below", O_RDONLY), ENOTDIR);
}

static void names_and_links(void) {
    struct stat stat_a, stat_b;
    char target[16];
    CHECK(link("/data/file", "/data/hard") == 0);
    CHECK(stat("/data/file", &stat_a) == 0 && stat("/data/hard", &stat_b) == 0);
    CHECK(stat_a.st_ino == stat_b.st_ino && stat_a.st_nlink == 2);
    FAILS(link("/data/file", "/data/hard"), EEXIST);
    CHECK(symlink("file", "/data/soft") == 0);
    CHECK(lstat("/data/soft", &stat_a) == 0 && S_ISLNK(stat_a.st_mode) && stat_a.st_size == 4);
    CHECK(stat("/data/soft", &stat_a) == 0 && S_ISREG(stat_a.st_mode));
    CHECK(readlink("/data/soft", target, sizeof target) == 4 && memcmp(target, "file", 4) == 0);
    CHECK(readlink("/data/soft", target, 2) == 2);
    FAILS(readlink("/data/file", target, sizeof target), EINVAL);
    contents_are("/data/soft", "onetwo");
    FAILS(open("/data/soft", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK(rename("/data/hard", "/data/moved") == 0);
    FAILS(stat("/data/hard", &stat_a), ENOENT);
    CHECK(unlink("/data/moved") == 0 && unlink("/data/soft") == 0);
    contents_are("/data/file", "onetwo");
    CHECK(symlink("round", "/data/round") == 0);
    FAILS(open("/data/round", O_RDONLY), ELOOP);
    CHECK(unlink("/data/round") == 0);
}

static void directories(void) {
    enum { FILES = 300 };
    char path[32], seen[FILES] = {0};
    CHECK(mkdir("/data/many", 0777) == 0);
    FAILS(mkdir("/data/many", 0777), EEXIST);
    FAILS(unlink("/data/many"), EISDIR);
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "/data/many/%d", i);
        int fd = open(path, O_CREAT | O_WRONLY, 0666);
        CHECK(fd >= 0 && close(fd) == 0);
    }
    FAILS(rmdir("/data/many"), ENOTEMPTY);
    DIR *directory = opendir("/data/many");
    CHECK(directory);
    int found = 0, dots = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.') {
            CHECK(entry->d_type == DT_DIR);
            dots++;
            continue;
        }
        int number = atoi(entry->d_name);
        CHECK(entry->d_type == DT_REG && number < FILES && !seen[number]);
        seen[number] = 1;
        found++;
    }
    CHECK(found == FILES && dots == 2);
    CHECK(closedir(directory) == 0);
    CHECK(rename("/data/many", "/data/moved") == 0);
    FAILS(rename("/data/moved", "/data/moved/inside"), EINVAL);
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "/data/moved/%d", i);
        CHECK(unlink(path) == 0);
    }
    FAILS(rmdir("/data/file"), ENOTDIR);
    CHECK(rmdir("/data/moved") == 0);
}

/* Nothing above a preopened directory can be named. */
static void escapes(void) {
    const char *paths[] = {"..", "../other/secret", "./../other/secret", "sub/../../other/secret", "up/secret",
                           "root", "up", "/other/secret"};
    CHECK(mkdir("/data/sub", 0777) == 0);
    CHECK(symlink("../other", "/data/up") == 0);
    /* To make a link to an absolute path is refused, or to follow it is. */
    int made = symlink("/other/secret", "/data/root");
    int data = open("/data", O_RDONLY | O_DIRECTORY);
    CHECK(data >= 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths - 1; i++) {
        if (made != 0 && strcmp(paths[i], "root") == 0)
            continue;
        FAILS(openat(data, paths[i], O_RDONLY), ENOTCAPABLE);
    }
    FAILS(unlinkat(data, "../other/secret", 0), ENOTCAPABLE);
    FAILS(renameat(data, "../other/secret", data, "stolen"), ENOTCAPABLE);
    FAILS(mkdirat(data, "../new", 0777), ENOTCAPABLE);
    CHECK(close(data) == 0);
    CHECK(unlink("/data/up") == 0 && rmdir("/data/sub") == 0);
    if (made == 0)
        CHECK(unlink("/data/root") == 0);
    /* Each mount is a file system of its own; this one can only be read. */
    contents_are("/other/secret", "treasure");
    FAILS(open("/other/secret", O_WRONLY), EROFS);
    FAILS(open("/other/new", O_CREAT | O_WRONLY, 0666), EROFS);
    FAILS(unlink("/other/secret"), EROFS);
    FAILS(mkdir("/other/new", 0777), EROFS);
    FAILS(symlink("secret", "/other/new"), EROFS);
    FAILS(rename("/data/file", "/other/new"), EXDEV);
    FAILS(link("/data/file", "/other/new"), EXDEV);
}

int main(void) {
    reading_and_writing();
    names_and_links();
    directories();
    escapes();
    puts("all well");
    return 0;
}
