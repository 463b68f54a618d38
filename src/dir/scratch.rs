//! Scratch directories of the machine, for tests.

use alloc::{format, string::String};
use core::sync::atomic::{AtomicU64, Ordering};
use std::path::{Path, PathBuf};

/// An empty directory of one test, gone when the test is over.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(test: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("fuelbox-{test}-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("it is new");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// What the machine itself reaches under this directory.
    pub(crate) fn host(&self) -> cap_std::fs::Dir {
        let authority = cap_std::ambient_authority();
        cap_std::fs::Dir::open_ambient_dir(&self.0, authority).expect("it is there")
    }

    pub(crate) fn directory(&self, path: &str) {
        self.host().create_dir_all(path).expect("it can be made");
    }

    pub(crate) fn file(&self, path: &str, text: &str) {
        self.host().write(path, text).expect("it can be written");
    }

    /// A symbolic link, wherever it leads.
    pub(crate) fn link(&self, path: &str, target: &str) {
        let made = self.host().symlink_contents(target, path);
        made.expect("it can be made");
    }

    #[cfg(unix)]
    pub(crate) fn socket(&self, path: &str) {
        let socket = std::os::unix::net::UnixListener::bind(self.0.join(path));
        socket.expect("it can be made");
    }

    pub(crate) fn text(&self, path: &str) -> String {
        self.host().read_to_string(path).expect("it can be read")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
