//! What changes the model.

use super::{Model, Name, REMOVED, What, find::Keep};
use crate::tree::{Errno, Open};
use alloc::{format, vec, vec::Vec};

impl Model {
    pub(crate) fn create_dir(&mut self, base: usize, path: &str) -> Result<(), Errno> {
        let path = self.free(base, path, true)?;
        self.attempt(|model| {
            model.put(&path, What::Directory, true);
        })
    }

    pub(crate) fn create_symlink(
        &mut self,
        target: &str,
        base: usize,
        path: &str,
    ) -> Result<(), Errno> {
        match target {
            "" => return Err(Errno::Noent),
            target if target.starts_with('/') => return Err(Errno::Notcapable),
            _ => {}
        }
        let path = self.free(base, path, false)?;
        self.attempt(|model| {
            model.put(&path, What::Symlink(target.into()), true);
        })
    }

    pub(crate) fn create_link(
        &mut self,
        from: (usize, &str),
        follow: bool,
        to: (usize, &str),
    ) -> Result<(), Errno> {
        let from = self.resolve(from.0, from.1, follow)?;
        let to = self.free(to.0, to.1, false)?;
        if self.is_dir(&from) {
            return Err(Errno::Perm);
        }
        let node = self.node(&from).unwrap();
        let name = Name {
            node,
            counted: true,
        };
        self.attempt(|model| {
            model.names.insert(to, name);
        })
    }

    pub(crate) fn remove_dir(&mut self, base: usize, path: &str) -> Result<(), Errno> {
        let spot = self.find(base, path, Keep::Yes)?;
        match spot.dots {
            Some(".") => return Err(Errno::Inval),
            Some(_) => return Err(Errno::Notempty),
            None => {}
        }
        match self.what(&spot.path) {
            None => Err(Errno::Noent),
            Some(What::File { .. } | What::Symlink(_)) => Err(Errno::Notdir),
            Some(What::Directory) if !self.is_empty(&spot.path) => Err(Errno::Notempty),
            Some(What::Directory) => {
                self.forget(&spot.path);
                Ok(())
            }
        }
    }

    pub(crate) fn unlink(&mut self, base: usize, path: &str) -> Result<(), Errno> {
        let spot = self.find(base, path, Keep::Yes)?;
        if spot.dots.is_some() || self.is_dir(&spot.path) {
            return Err(Errno::Isdir);
        }
        if self.what(&spot.path).is_none() {
            return Err(Errno::Noent);
        }
        if spot.slash {
            return Err(Errno::Notdir);
        }
        self.forget(&spot.path);
        Ok(())
    }

    /// Takes a name away, under which nothing is.
    fn forget(&mut self, path: &str) {
        self.names.remove(path);
        for (base, _) in &mut self.bases {
            if base == path {
                *base = REMOVED.into();
            }
        }
    }

    pub(crate) fn rename(&mut self, from: (usize, &str), to: (usize, &str)) -> Result<(), Errno> {
        let from = self.find(from.0, from.1, Keep::Yes)?;
        let to = self.find(to.0, to.1, Keep::Yes)?;
        if from.dots.or(to.dots).is_some() {
            return Err(Errno::Busy);
        }
        let node = self.node(&from.path).ok_or(Errno::Noent)?;
        let is_dir = self.is_dir(&from.path);
        if !is_dir && (from.slash || to.slash) {
            return Err(Errno::Notdir);
        }
        if to.parent == REMOVED {
            return Err(Errno::Noent);
        }
        if is_dir && format!("{}/", to.parent).starts_with(&format!("{}/", from.path)) {
            return Err(Errno::Inval);
        }
        let replaced = self.names.get(&to.path).copied();
        match replaced {
            Some(replaced) if replaced.node == node => return Ok(()),
            Some(_) if self.is_dir(&to.path) && !is_dir => return Err(Errno::Isdir),
            Some(_) if !self.is_dir(&to.path) && is_dir => return Err(Errno::Notdir),
            Some(_) if !self.is_empty(&to.path) => return Err(Errno::Notempty),
            _ => {}
        }
        self.attempt(|model| {
            model.forget(&to.path);
            let moved = |path: &str| {
                let rest = path.strip_prefix(&from.path)?;
                (rest.is_empty() || rest.starts_with('/')).then(|| format!("{}{rest}", to.path))
            };
            let names = core::mem::take(&mut model.names);
            model.names = names
                .into_iter()
                .map(|(path, name)| (moved(&path).unwrap_or(path), name))
                .collect();
            for (base, _) in &mut model.bases {
                *base = moved(base).unwrap_or_else(|| base.clone());
            }
            model.names.get_mut(&to.path).unwrap().counted =
                replaced.is_none_or(|name| name.counted);
        })
    }

    /// Opens, and keeps it open.
    pub(crate) fn open(&mut self, base: usize, path: &str, how: Open) -> Result<(), Errno> {
        if how.create && how.directory {
            return Err(Errno::Inval);
        }
        let exclusive = how.create && how.exclusive;
        let keep = match (exclusive, how.follow) {
            (true, _) => Keep::Yes,
            (false, true) => Keep::No,
            (false, false) => Keep::UnlessSlash,
        };
        let spot = self.find(base, path, keep)?;
        let there = if spot.path == REMOVED {
            Some(&What::Directory)
        } else {
            self.what(&spot.path)
        };
        match there {
            Some(_) if exclusive => Err(Errno::Exist),
            None if !how.create => Err(Errno::Noent),
            None if spot.slash => Err(Errno::Isdir),
            None if spot.parent == REMOVED => Err(Errno::Noent),
            None => self.attempt(|model| {
                let bytes = vec![];
                let node = model.put(
                    &spot.path,
                    What::File {
                        bytes,
                        counted: true,
                    },
                    true,
                );
                model.files.push(node);
            }),
            Some(What::Directory) if how.create || how.truncate || how.write => Err(Errno::Isdir),
            Some(What::Directory) => {
                let node = if spot.path == REMOVED {
                    self.bases[base].1
                } else {
                    self.node(&spot.path).unwrap()
                };
                self.bases.push((spot.path, node));
                Ok(())
            }
            Some(What::Symlink(_)) => Err(if how.directory {
                Errno::Notdir
            } else {
                Errno::Loop
            }),
            Some(What::File { .. }) if how.directory || spot.slash => Err(Errno::Notdir),
            Some(What::File { .. }) => {
                self.files.push(self.node(&spot.path).unwrap());
                if how.truncate {
                    self.resize(self.files.len() - 1, 0)?;
                }
                Ok(())
            }
        }
    }

    fn set(&mut self, file: usize, bytes: Vec<u8>) {
        self.nodes[self.files[file]].0 = What::File {
            bytes,
            counted: true,
        };
    }

    pub(crate) fn resize(&mut self, file: usize, size: usize) -> Result<(), Errno> {
        let mut bytes = self.bytes(file).to_vec();
        bytes.resize(size, 0);
        self.attempt(|model| model.set(file, bytes))
    }

    /// Tries all, then a byte less, and so on.
    pub(crate) fn write(
        &mut self,
        file: usize,
        offset: usize,
        data: &[u8],
    ) -> Result<usize, Errno> {
        if data.is_empty() {
            return Ok(0);
        }
        for len in (1..=data.len()).rev() {
            let mut bytes = self.bytes(file).to_vec();
            bytes.resize(bytes.len().max(offset + len), 0);
            bytes[offset..offset + len].copy_from_slice(&data[..len]);
            if self.attempt(|model| model.set(file, bytes)).is_ok() {
                return Ok(len);
            }
        }
        Err(Errno::Nospc)
    }
}
