//! Programs of WASI: arguments, environment and files.

use crate::{failure, grant};
use fuelbox::capability;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

/// What a program that speaks WASI is given.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Wasi {
    pub(crate) inner: capability::Wasi,
}

#[pymethods]
impl Wasi {
    #[new]
    #[pyo3(signature = (args = None, *, program = None, env = None, mounts = None, clock = None, random = None))]
    fn new(
        args: Option<Vec<String>>,
        program: Option<String>,
        env: Option<&Bound<'_, PyDict>>,
        mounts: Option<&Bound<'_, PyDict>>,
        clock: Option<&str>,
        random: Option<&str>,
    ) -> PyResult<Self> {
        let mut wasi = capability::Wasi::new().args(args.unwrap_or_default());
        if let Some(program) = program {
            wasi = wasi.program(program);
        }
        for (name, value) in env.iter().flat_map(|env| env.iter()) {
            wasi = wasi.env(name.extract::<String>()?, value.extract::<String>()?);
        }
        for (name, files) in mounts.iter().flat_map(|mounts| mounts.iter()) {
            let name: String = name.extract()?;
            wasi = match (files.cast::<Tree>(), files.cast::<Dir>()) {
                (Ok(tree), _) => wasi.mount(name, tree.get().inner.clone()),
                (_, Ok(dir)) => wasi.mount(name, dir.get().inner.clone()),
                _ => {
                    return Err(PyTypeError::new_err(format!(
                        "what is mounted at {name} is no Tree and no Dir"
                    )));
                }
            };
        }
        if let Some(clock) = clock {
            wasi = wasi.clock(grant::clock(clock)?);
        }
        if let Some(random) = random {
            wasi = wasi.random(grant::random(random)?);
        }
        Ok(Self { inner: wasi })
    }
}

/// Files in memory. Each run begins with a copy.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Tree {
    pub(crate) inner: fuelbox::Tree,
}

#[pymethods]
impl Tree {
    #[new]
    #[pyo3(signature = (files = None, *, links = None, writable = false, bytes_limit = None, nodes_limit = None))]
    fn new(
        files: Option<&Bound<'_, PyDict>>,
        links: Option<&Bound<'_, PyDict>>,
        writable: bool,
        bytes_limit: Option<u64>,
        nodes_limit: Option<u64>,
    ) -> PyResult<Self> {
        let mut tree = fuelbox::Tree::new();
        for (path, content) in files.iter().flat_map(|files| files.iter()) {
            let path: String = path.extract()?;
            tree = if content.is_none() {
                tree.dir(&path)
            } else if let Ok(text) = content.extract::<String>() {
                tree.file(&path, text)
            } else {
                tree.file(
                    &path,
                    content
                        .extract::<std::borrow::Cow<'_, [u8]>>()?
                        .into_owned(),
                )
            }
            .map_err(failure::value_error)?;
        }
        for (path, target) in links.iter().flat_map(|links| links.iter()) {
            let (path, target): (String, String) = (path.extract()?, target.extract()?);
            tree = tree.symlink(&path, &target).map_err(failure::value_error)?;
        }
        if writable {
            tree = tree.writable();
        }
        if let Some(bytes) = bytes_limit {
            tree = tree.bytes_limit(bytes);
        }
        if let Some(nodes) = nodes_limit {
            tree = tree.nodes_limit(nodes);
        }
        Ok(Self { inner: tree })
    }

    /// All files and what they hold, and `None` for each directory.
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        files(py, &self.inner)
    }
}

/// What is in a tree, by path.
pub(crate) fn files<'py>(py: Python<'py>, tree: &fuelbox::Tree) -> PyResult<Bound<'py, PyDict>> {
    let files = PyDict::new(py);
    for (path, entry) in tree.paths() {
        match entry {
            fuelbox::Entry::Directory => files.set_item(path, py.None())?,
            _ => {
                if let Some(content) = tree.get(&path) {
                    files.set_item(path, pyo3::types::PyBytes::new(py, content))?;
                }
            }
        }
    }
    Ok(files)
}

/// A real directory. What a guest writes is on the disk at once.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Dir {
    inner: fuelbox::Dir,
}

#[pymethods]
impl Dir {
    #[new]
    #[pyo3(signature = (path, *, writable = false, bytes_limit = None, nodes_limit = None, handles_limit = None))]
    #[expect(clippy::needless_pass_by_value, reason = "what pyo3 extracts is owned")]
    fn new(
        path: std::path::PathBuf,
        writable: bool,
        bytes_limit: Option<u64>,
        nodes_limit: Option<u64>,
        handles_limit: Option<usize>,
    ) -> PyResult<Self> {
        let dir = if writable {
            fuelbox::Dir::read_write(&path)
        } else {
            fuelbox::Dir::read_only(&path)
        };
        let mut dir =
            dir.map_err(|error| pyo3::exceptions::PyOSError::new_err(error.to_string()))?;
        if let Some(bytes) = bytes_limit {
            dir = dir.bytes_limit(bytes);
        }
        if let Some(nodes) = nodes_limit {
            dir = dir.nodes_limit(nodes);
        }
        if let Some(handles) = handles_limit {
            dir = dir.handles_limit(handles);
        }
        Ok(Self { inner: dir })
    }
}
