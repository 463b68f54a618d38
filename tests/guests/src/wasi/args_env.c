/* Prints its arguments, then its environment, one a line. */
#include <stdio.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    for (int i = 0; i < argc; i++)
        printf("%d %s\n", i, argv[i]);
    for (char **variable = environ; *variable; variable++)
        printf("%s\n", *variable);
    return 0;
}
