/* Makes files of 1,000 bytes until there is no space left; writes how many, and how many bytes fitted. */
#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    static char bytes[1000];
    char path[32];
    struct stat stat;
    long files = 0, total = 0;
    for (;; files++) {
        snprintf(path, sizeof path, "/%ld", files);
        int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0666);
        if (fd < 0)
            break;
        ssize_t written = write(fd, bytes, sizeof bytes);
        CHECK(fstat(fd, &stat) == 0 && stat.st_size == (written < 0 ? 0 : written));
        CHECK(close(fd) == 0);
        if (written > 0)
            total += written;
        if (written < (ssize_t)sizeof bytes && written >= 0)
            continue;
        if (written < 0)
            break;
    }
    CHECK(errno == ENOSPC);
    printf("%ld %ld\n", files, total);
    return 0;
}
