/* Writes its input in upper case to its output, counts it on its error stream, and ends with status 3. */
#include <ctype.h>
#include <stdio.h>

int main(void) {
    int byte;
    unsigned long bytes = 0;
    while ((byte = getchar()) != EOF) {
        putchar(toupper(byte));
        bytes++;
    }
    fprintf(stderr, "%lu bytes\n", bytes);
    return 3;
}
