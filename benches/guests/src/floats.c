/* Bodies that attract each other, in steps of time: additions, multiplications, a division and a square root
 * for each pair. */
#define EXPECTED 472257u
#include "guest.h"

enum { BODIES = 8, STEPS = 2500 };

struct body {
    double at[3], speed[3], mass;
};

static struct body bodies[BODIES];

static void place(void) {
    unsigned seed = 42;
    for (int n = 0; n < BODIES; n++) {
        for (int axis = 0; axis < 3; axis++) {
            bodies[n].at[axis] = (double)(next_random(&seed) & 0xffff) / 1024.0;
            bodies[n].speed[axis] = (double)(next_random(&seed) & 0xff) / 4096.0;
        }
        bodies[n].mass = 1.0 + n;
    }
}

static void step(double time) {
    for (struct body *a = bodies; a < bodies + BODIES; a++)
        for (struct body *b = a + 1; b < bodies + BODIES; b++) {
            double apart[3], square = 0.01;
            for (int axis = 0; axis < 3; axis++) {
                apart[axis] = a->at[axis] - b->at[axis];
                square += apart[axis] * apart[axis];
            }
            double pull = time / (square * __builtin_sqrt(square));
            for (int axis = 0; axis < 3; axis++) {
                a->speed[axis] -= apart[axis] * b->mass * pull;
                b->speed[axis] += apart[axis] * a->mass * pull;
            }
        }
    for (struct body *a = bodies; a < bodies + BODIES; a++)
        for (int axis = 0; axis < 3; axis++)
            a->at[axis] += time * a->speed[axis];
}

unsigned work(void) {
    double sum = 0;
    place();
    for (int n = 0; n < STEPS; n++)
        step(0.01);
    for (int n = 0; n < BODIES; n++)
        for (int axis = 0; axis < 3; axis++)
            sum += bodies[n].at[axis] * bodies[n].at[axis];
    return (unsigned)(sum * 16.0);
}
