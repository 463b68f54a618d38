//! Three planted bugs, in a guest of the protocol: behind a magic number, a checksum, and a length.

use std::hint::black_box;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn host_get_input_len() -> u32;
    fn host_read_input(ptr: *mut u8, len: u32) -> u32;
}

#[unsafe(no_mangle)]
pub extern "C" fn execute(_: u32, _: u32) -> i32 {
    // SAFETY: the host writes no more than the vector has.
    let input = unsafe {
        let mut input = vec![0; host_get_input_len() as usize];
        host_read_input(input.as_mut_ptr(), input.len() as u32);
        input
    };
    test(&input)
}

fn test(data: &[u8]) -> i32 {
    let Some((&kind, rest)) = data.split_first() else {
        return 0;
    };
    match kind {
        b'M' if rest.starts_with(b"\x2b\x7e\x15\x16\x28\xae\xd2\xa6") => fail_by_magic(),
        b'C' if rest.len() >= 11 => {
            let (sum, rest) = rest.split_at(4);
            let sum = u32::from_le_bytes(sum.try_into().unwrap());
            if checksum(rest) == sum { fail_by_checksum(sum) } else { 0 }
        }
        b'L' if rest.len() >= 8 => {
            let (length, rest) = rest.split_at(4);
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if length == rest.len() && length > 40 { fail_by_length(length) } else { 0 }
        }
        _ => 0,
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[inline(never)]
fn fail_by_magic() -> i32 {
    panic!("the magic number")
}

#[inline(never)]
fn fail_by_checksum(sum: u32) -> i32 {
    (sum / black_box(0)) as i32
}

#[inline(never)]
fn fail_by_length(length: usize) -> i32 {
    [1, 2, 3][black_box(length)]
}
