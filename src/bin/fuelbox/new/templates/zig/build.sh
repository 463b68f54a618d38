#!/bin/sh
# sh build.sh builds @WASM@; sh build.sh test runs the tests natively. ZIG is the compiler where it is not `zig`.
set -eu
cd "$(dirname "$0")"
if [ "${1-}" = test ]; then
    ${ZIG:-zig} test greeting.zig
    exit
fi
${ZIG:-zig} build-exe -target wasm32-freestanding -O ReleaseSmall -fstrip -fno-entry -rdynamic --stack 65536 \
    --dep fuelbox_guest -Mroot=guest.zig -Mfuelbox_guest=fuelbox_guest.zig -femit-bin=@WASM@
