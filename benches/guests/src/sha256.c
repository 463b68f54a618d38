/* SHA-256, as FIPS 180-4 has it, of 256 KiB that look random. */
#define EXPECTED 530891285u
#include "guest.h"

enum { BYTES = 256 << 10 };

static const unsigned constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static unsigned char message[BYTES + 64];
static unsigned hash[8];

static unsigned rotate(unsigned value, int bits) {
    return value >> bits | value << (32 - bits);
}

static void compress(const unsigned char *block) {
    unsigned schedule[64], v[8];
    for (int n = 0; n < 16; n++, block += 4)
        schedule[n] = (unsigned)block[0] << 24 | (unsigned)block[1] << 16 | (unsigned)block[2] << 8 | block[3];
    for (int n = 16; n < 64; n++) {
        unsigned a = schedule[n - 15], b = schedule[n - 2];
        schedule[n] = schedule[n - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + schedule[n - 7] +
                      (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    for (int n = 0; n < 8; n++)
        v[n] = hash[n];
    for (int n = 0; n < 64; n++) {
        unsigned choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        unsigned majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        unsigned one = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + choice + constants[n] +
                       schedule[n];
        unsigned two = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + majority;
        v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + one;
        v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = one + two;
    }
    for (int n = 0; n < 8; n++)
        hash[n] += v[n];
}

unsigned work(void) {
    static const unsigned initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned seed = 1;
    for (int n = 0; n < 8; n++)
        hash[n] = initial[n];
    for (int n = 0; n < BYTES; n++)
        message[n] = (unsigned char)next_random(&seed);
    /* The length is a multiple of a block, so the padding is a block of its own. */
    message[BYTES] = 0x80;
    for (int n = 0; n < 8; n++)
        message[BYTES + 56 + n] = (unsigned char)((unsigned long long)BYTES * 8 >> (56 - 8 * n));
    for (int at = 0; at < BYTES + 64; at += 64)
        compress(message + at);
    return hash[0];
}
