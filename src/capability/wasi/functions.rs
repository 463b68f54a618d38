//! The 46 functions of `wasi_snapshot_preview1`, with their signatures.

use super::{
    abi::Rights, args, call, clocks, files, metadata, paths, poll, process, readdir, stdio,
};
use crate::{
    capability::{Declared, Signature},
    host::StoreMut,
    value::{ValueType, WasmValue},
};

/// The module that guests import them from.
pub(super) const MODULE: &str = "wasi_snapshot_preview1";

const CAPABILITY: &str = "Wasi";

/// The type of a parameter. An address is written `ptr`, so that the table of functions shows who takes one.
macro_rules! ty {
    (ptr) => {
        u32
    };
    ($ty:ident) => {
        $ty
    };
}

/// Whether a parameter is an address.
macro_rules! is_address {
    (ptr) => {
        true
    };
    ($ty:ident) => {
        false
    };
}

/// Declares functions that answer with an errno.
macro_rules! functions {
    ($($name:ident($call:ident $(, $param:ident: $ty:ident)*) $body:block)*) => {
        pub(in crate::capability) const FUNCTIONS: &[Declared] = &[
            $(Declared {
                signature: Signature {
                    capability: CAPABILITY,
                    module: MODULE,
                    name: stringify!($name),
                    params: &[$(<ty!($ty) as WasmValue>::TYPE),*],
                    results: &[ValueType::I32],
                    reaches_memory: false $(|| is_address!($ty))*,
                },
                link: |import| {
                    import.wrap(|caller: StoreMut<'_> $(, $param: ty!($ty))*| {
                        call::answer(caller, stringify!($name), |$call| $body)
                    })
                },
            },)*
            // The one function that does not return.
            Declared {
                signature: Signature {
                    capability: CAPABILITY,
                    module: MODULE,
                    name: "proc_exit",
                    params: &[ValueType::I32],
                    results: &[],
                    reaches_memory: false,
                },
                link: |import| {
                    import.wrap(|caller: StoreMut<'_>, status: u32| {
                        call::answer(caller, "proc_exit", |_| Err(process::exit(status))).map(drop)
                    })
                },
            },
        ];
    };
}

functions! {
    args_get(call, argv: ptr, argv_buf: ptr) {
        let strings = call.state().args.clone();
        args::get(call, &strings, argv, argv_buf)
    }
    args_sizes_get(call, argc: ptr, argv_buf_size: ptr) {
        let strings = call.state().args.clone();
        args::sizes_get(call, &strings, argc, argv_buf_size)
    }
    environ_get(call, environ: ptr, environ_buf: ptr) {
        let strings = call.state().env.clone();
        args::get(call, &strings, environ, environ_buf)
    }
    environ_sizes_get(call, environc: ptr, environ_buf_size: ptr) {
        let strings = call.state().env.clone();
        args::sizes_get(call, &strings, environc, environ_buf_size)
    }

    clock_res_get(call, id: u32, resolution: ptr) { clocks::res_get(call, id, resolution) }
    clock_time_get(call, id: u32, _precision: u64, time: ptr) { clocks::time_get(call, id, time) }

    fd_advise(call, fd: u32, offset: u64, len: u64, advice: u32) { files::advise(call, fd, offset, len, advice) }
    fd_allocate(call, fd: u32, offset: u64, len: u64) { files::allocate(call, fd, offset, len) }
    fd_close(call, fd: u32) { files::close(call, fd) }
    fd_datasync(call, fd: u32) { files::sync(call, fd, Rights::FD_DATASYNC) }
    fd_fdstat_get(call, fd: u32, stat: ptr) { metadata::fdstat_get(call, fd, stat) }
    fd_fdstat_set_flags(call, fd: u32, flags: u32) { metadata::fdstat_set_flags(call, fd, flags) }
    fd_fdstat_set_rights(call, fd: u32, base: u64, inheriting: u64) {
        metadata::fdstat_set_rights(call, fd, base, inheriting)
    }
    fd_filestat_get(call, fd: u32, stat: ptr) { metadata::filestat_get(call, fd, stat) }
    fd_filestat_set_size(call, fd: u32, size: u64) { files::set_size(call, fd, size) }
    fd_filestat_set_times(call, fd: u32, atim: u64, mtim: u64, flags: u32) {
        metadata::filestat_set_times(call, fd, atim, mtim, flags)
    }
    fd_pread(call, fd: u32, buffers: ptr, count: u32, offset: u64, read: ptr) {
        stdio::read(call, fd, (buffers, count), Some(offset), read)
    }
    fd_prestat_get(call, fd: u32, prestat: ptr) { metadata::prestat_get(call, fd, prestat) }
    fd_prestat_dir_name(call, fd: u32, path: ptr, path_len: u32) {
        metadata::prestat_dir_name(call, fd, path, path_len)
    }
    fd_pwrite(call, fd: u32, buffers: ptr, count: u32, offset: u64, written: ptr) {
        stdio::write(call, fd, (buffers, count), Some(offset), written)
    }
    fd_read(call, fd: u32, buffers: ptr, count: u32, read: ptr) {
        stdio::read(call, fd, (buffers, count), None, read)
    }
    fd_readdir(call, fd: u32, buffer: ptr, len: u32, cookie: u64, used: ptr) {
        readdir::readdir(call, fd, (buffer, len), cookie, used)
    }
    fd_renumber(call, from: u32, to: u32) { files::renumber(call, from, to) }
    fd_seek(call, fd: u32, delta: i64, whence: u32, offset: ptr) { files::seek(call, fd, delta, whence, offset) }
    fd_sync(call, fd: u32) { files::sync(call, fd, Rights::FD_SYNC) }
    fd_tell(call, fd: u32, offset: ptr) { files::tell(call, fd, offset) }
    fd_write(call, fd: u32, buffers: ptr, count: u32, written: ptr) {
        stdio::write(call, fd, (buffers, count), None, written)
    }

    path_create_directory(call, fd: u32, path: ptr, len: u32) { paths::create_directory(call, fd, (path, len)) }
    path_filestat_get(call, fd: u32, flags: u32, path: ptr, len: u32, stat: ptr) {
        paths::filestat_get(call, fd, flags, (path, len), stat)
    }
    path_filestat_set_times(
        call, fd: u32, flags: u32, path: ptr, len: u32, atim: u64, mtim: u64, fst_flags: u32
    ) {
        paths::filestat_set_times(call, fd, flags, (path, len), (atim, mtim, fst_flags))
    }
    path_link(
        call, old_fd: u32, old_flags: u32, old_path: ptr, old_len: u32, new_fd: u32, new_path: ptr, new_len: u32
    ) {
        paths::link(call, old_fd, old_flags, (old_path, old_len), new_fd, (new_path, new_len))
    }
    path_open(
        call, fd: u32, dirflags: u32, path: ptr, len: u32, oflags: u32, base: u64, inheriting: u64, fdflags: u32,
        opened: ptr
    ) {
        paths::open(call, fd, dirflags, (path, len), &paths::Open { oflags, base, inheriting, fdflags }, opened)
    }
    path_readlink(call, fd: u32, path: ptr, len: u32, buffer: ptr, buffer_len: u32, used: ptr) {
        paths::readlink(call, fd, (path, len), (buffer, buffer_len), used)
    }
    path_remove_directory(call, fd: u32, path: ptr, len: u32) { paths::remove_directory(call, fd, (path, len)) }
    path_rename(call, fd: u32, old_path: ptr, old_len: u32, new_fd: u32, new_path: ptr, new_len: u32) {
        paths::rename(call, fd, (old_path, old_len), new_fd, (new_path, new_len))
    }
    path_symlink(call, target: ptr, target_len: u32, fd: u32, path: ptr, len: u32) {
        paths::symlink(call, (target, target_len), fd, (path, len))
    }
    path_unlink_file(call, fd: u32, path: ptr, len: u32) { paths::unlink_file(call, fd, (path, len)) }

    poll_oneoff(call, subscriptions: ptr, events: ptr, count: u32, stored: ptr) {
        poll::oneoff(call, subscriptions, events, count, stored)
    }

    proc_raise(_call, _signal: u32) { process::raise() }
    sched_yield(_call) { Ok(()) }
    random_get(call, buffer: ptr, len: u32) { process::random_get(call, buffer, len) }
    sock_accept(call, fd: u32, _flags: u32, _opened: ptr) { process::socket(call, fd) }
    sock_recv(call, fd: u32, _buffers: ptr, _count: u32, _flags: u32, _read: ptr, _out_flags: ptr) {
        process::socket(call, fd)
    }
    sock_send(call, fd: u32, _buffers: ptr, _count: u32, _flags: u32, _sent: ptr) { process::socket(call, fd) }
    sock_shutdown(call, fd: u32, _how: u32) { process::socket(call, fd) }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use alloc::vec::Vec;

    #[test]
    fn there_are_46_and_none_twice() {
        let mut names: Vec<_> = FUNCTIONS
            .iter()
            .map(|function| function.signature.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 46);
    }

    #[test]
    fn all_but_these_take_an_address() {
        let others = FUNCTIONS
            .iter()
            .filter(|function| !function.signature.reaches_memory)
            .map(|function| function.signature.name);
        let expected = [
            "fd_advise",
            "fd_allocate",
            "fd_close",
            "fd_datasync",
            "fd_fdstat_set_flags",
            "fd_fdstat_set_rights",
            "fd_filestat_set_size",
            "fd_filestat_set_times",
            "fd_renumber",
            "fd_sync",
            "proc_raise",
            "sched_yield",
            "sock_shutdown",
            "proc_exit",
        ];
        assert_eq!(others.collect::<Vec<_>>(), expected);
    }
}
