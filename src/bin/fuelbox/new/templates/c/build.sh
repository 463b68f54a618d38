#!/bin/sh
# sh build.sh builds @WASM@; sh build.sh test runs the tests natively.
set -eu
cd "$(dirname "$0")"
if [ "${1-}" = test ]; then
    "${NATIVE_CC:-cc}" -std=c99 -Wall -Wextra test.c -o test
    ./test
    exit
fi
# -mbulk-memory keeps clang from calling a `memcpy` that is not there.
"${CC:-clang}" --target=wasm32 -std=c99 -Wall -Wextra -Os -mbulk-memory -nostdlib ${LD:+-fuse-ld="$LD"} \
    -Wl,--no-entry,--strip-all,-z,stack-size=16384 guest.c -o @WASM@
