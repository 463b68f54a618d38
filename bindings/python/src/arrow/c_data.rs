//! The C data interface of Arrow: three structures, as its specification has them.
//!
//! Who offers one fills it in; who takes it moves it out and calls `release` once. What other libraries offer is trusted
//! as far as the specification goes, as by every library that takes it: that pointers are valid, and buffers as long as
//! type and length need. They are part of the host; nothing here comes from a guest before it is checked.

use pyo3::{
    prelude::*,
    types::{PyCapsule, PyCapsuleMethods},
};
use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    mem,
    ptr::{self, NonNull},
    slice,
    sync::Arc,
};

/// What a structure is in a capsule.
pub(super) trait InCapsule: Sized {
    /// The name of its capsules.
    const NAME: &'static CStr;
    /// One that is released: nothing more happens to it.
    fn released() -> Self;
}

/// Moves the structure out of a capsule.
///
/// # Errors
/// `ValueError` where the capsule has another name.
pub(super) fn take<T: InCapsule>(capsule: &Bound<'_, PyAny>) -> PyResult<T> {
    let pointer = capsule
        .cast::<PyCapsule>()?
        .pointer_checked(Some(T::NAME))?
        .cast::<T>();
    // SAFETY: by the PyCapsule interface a capsule of this name points to such a structure, which whoever takes it
    // replaces by a released one. The interpreter lock, or the producer without one, keeps others from it meanwhile.
    Ok(unsafe { ptr::replace(pointer.as_ptr(), T::released()) })
}

macro_rules! structures {
    ($($name:ident $capsule:literal { $($field:ident: $ty:ty = $released:expr,)* })*) => {
        $(
            /// As in the specification.
            #[repr(C)]
            pub(super) struct $name {
                $($field: $ty,)*
                release: Option<unsafe extern "C" fn(*mut Self)>,
                private_data: *mut c_void,
            }

            impl InCapsule for $name {
                const NAME: &'static CStr = $capsule;
                fn released() -> Self {
                    Self { $($field: $released,)* release: None, private_data: ptr::null_mut() }
                }
            }

            impl Drop for $name {
                fn drop(&mut self) {
                    if let Some(release) = self.release {
                        // SAFETY: it was not released, or there were no `release`; it is ours, and used no more.
                        unsafe { release(self) }
                    }
                }
            }

            // SAFETY: by the specification it may be used and released from any thread, one at a time.
            unsafe impl Send for $name {}
        )*
    };
}

structures! {
    Schema c"arrow_schema" {
        format: *const c_char = ptr::null(),
        name: *const c_char = ptr::null(),
        metadata: *const c_char = ptr::null(),
        flags: i64 = 0,
        n_children: i64 = 0,
        children: *mut *mut Schema = ptr::null_mut(),
        dictionary: *mut Schema = ptr::null_mut(),
    }
    Array c"arrow_array" {
        length: i64 = 0,
        null_count: i64 = 0,
        offset: i64 = 0,
        n_buffers: i64 = 0,
        n_children: i64 = 0,
        buffers: *mut *const c_void = ptr::null_mut(),
        children: *mut *mut Array = ptr::null_mut(),
        dictionary: *mut Array = ptr::null_mut(),
    }
    ArrayStream c"arrow_array_stream" {
        get_schema: Option<unsafe extern "C" fn(*mut Self, *mut Schema) -> c_int> = None,
        get_next: Option<unsafe extern "C" fn(*mut Self, *mut Array) -> c_int> = None,
        get_last_error: Option<unsafe extern "C" fn(*mut Self) -> *const c_char> = None,
    }
}

// SAFETY: nothing in it changes while it is shared: its methods only read.
unsafe impl Sync for Schema {}
// SAFETY: as above.
unsafe impl Sync for Array {}

impl Schema {
    /// The type, in the words of the specification.
    pub(super) fn format(&self) -> &str {
        text(&self.format)
    }

    /// The name of the column; empty where it has none.
    pub(super) fn name(&self) -> &str {
        text(&self.name)
    }

    pub(super) fn has_dictionary(&self) -> bool {
        !self.dictionary.is_null()
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        children(&self.children, self.n_children)
    }

    /// One of ours.
    pub(super) fn new(format: &str, name: &str, children: Vec<Self>) -> Self {
        /// What columns without a word on it are: they may have nulls.
        const NULLABLE: i64 = 2;
        // Without a zero within: names with one are refused before.
        let text = |text: &str| CString::new(text).unwrap_or_default();
        let held = Box::new(Held {
            texts: [text(format), text(name)],
            children: boxed(children),
            buffers: Vec::new(),
            owner: None,
        });
        let [format, name] = &held.texts;
        Self {
            format: format.as_ptr(),
            name: name.as_ptr(),
            metadata: ptr::null(),
            flags: NULLABLE,
            n_children: count(&held.children),
            children: held.children.as_ptr().cast_mut().cast(),
            dictionary: ptr::null_mut(),
            release: Some(release_schema),
            private_data: Box::into_raw(held).cast(),
        }
    }
}

impl Array {
    /// Rows; `None` where no machine has so many.
    pub(super) fn length(&self) -> Option<usize> {
        usize::try_from(self.length).ok()
    }

    /// Rows at the start of the buffers that do not belong to it.
    pub(super) fn offset(&self) -> Option<usize> {
        usize::try_from(self.offset).ok()
    }

    /// How many are null; -1 where nobody knows.
    pub(super) fn null_count(&self) -> i64 {
        self.null_count
    }

    /// Whether it is the end of a stream.
    pub(super) fn is_released(&self) -> bool {
        self.release.is_none()
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        children(&self.children, self.n_children)
    }

    pub(super) fn buffers(&self) -> usize {
        usize::try_from(self.n_buffers).unwrap_or_default()
    }

    /// The first `len` bytes of a buffer; `None` where it is absent.
    ///
    /// `len` has to be no more than type, offset and length of the array need: the producer promises no more.
    pub(super) fn buffer(&self, number: usize, len: usize) -> Option<&[u8]> {
        if number >= self.buffers() {
            return None;
        }
        // SAFETY: `buffers` points to as many pointers as `n_buffers` says.
        let start: *const c_void = unsafe { *self.buffers.add(number) };
        if start.is_null() {
            return None;
        }
        // SAFETY: the producer promises that the buffer is as long as is asked for here, and that nobody writes to it
        // until it is released, which the borrow of `self` keeps from happening.
        Some(unsafe { slice::from_raw_parts(start.cast(), len) })
    }

    /// One of ours, whose `buffers` lie in what `owner` keeps, except those that are absent.
    pub(super) fn new(
        length: usize,
        null_count: usize,
        buffers: &[Option<&[u8]>],
        children: Vec<Self>,
        owner: Arc<dyn Send + Sync>,
    ) -> Self {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        let start = |buffer: &Option<&[u8]>| buffer.map_or(ptr::null(), |it| it.as_ptr().cast());
        let held = Box::new(Held {
            texts: [CString::default(), CString::default()],
            children: boxed(children),
            buffers: buffers.iter().map(start).collect(),
            owner: Some(owner),
        });
        Self {
            length: number(length),
            null_count: number(null_count),
            offset: 0,
            n_buffers: count(&held.buffers),
            n_children: count(&held.children),
            buffers: held.buffers.as_ptr().cast_mut(),
            children: held.children.as_ptr().cast_mut().cast(),
            dictionary: ptr::null_mut(),
            release: Some(release_array),
            private_data: Box::into_raw(held).cast(),
        }
    }
}

impl ArrayStream {
    /// # Errors
    /// What the producer says.
    pub(super) fn schema(&mut self) -> Result<Schema, String> {
        let call = self.get_schema.ok_or("the stream was released")?;
        let mut schema = Schema::released();
        // SAFETY: the stream is not released, and `schema` is there to be filled in.
        let code = unsafe { call(self, &raw mut schema) };
        self.result(code, schema)
    }

    /// The next batch; `None` at the end.
    ///
    /// # Errors
    /// What the producer says.
    pub(super) fn next(&mut self) -> Result<Option<Array>, String> {
        let call = self.get_next.ok_or("the stream was released")?;
        let mut array = Array::released();
        // SAFETY: as above.
        let code = unsafe { call(self, &raw mut array) };
        let array = self.result(code, array)?;
        Ok(Some(array).filter(|array| !array.is_released()))
    }

    fn result<T>(&mut self, code: c_int, filled: T) -> Result<T, String> {
        if code == 0 {
            return Ok(filled);
        }
        // SAFETY: the stream is not released.
        let message = self.get_last_error.map(|call| unsafe { call(self) });
        let message = message.unwrap_or(ptr::null());
        let message = text(&message);
        Err(format!("the stream failed with {code}: {message}"))
    }

    /// One of ours: a single batch.
    pub(super) fn of_one(schema: Schema, array: Array) -> Self {
        let held = Box::new(OneBatch { schema, array });
        Self {
            get_schema: Some(schema_of_one),
            get_next: Some(next_of_one),
            get_last_error: Some(error_of_one),
            release: Some(release_one),
            private_data: Box::into_raw(held).cast(),
        }
    }
}

/// What a structure of ours keeps until it is released.
struct Held<T> {
    texts: [CString; 2],
    /// Boxes that were made raw.
    children: Vec<NonNull<T>>,
    buffers: Vec<*const c_void>,
    /// What the buffers lie in.
    owner: Option<Arc<dyn Send + Sync>>,
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        for child in self.children.drain(..) {
            // SAFETY: `boxed` made it of a box, and nobody else frees it. A child that was moved out is released.
            drop(unsafe { Box::from_raw(child.as_ptr()) });
        }
        drop(self.owner.take());
    }
}

struct OneBatch {
    schema: Schema,
    array: Array,
}

fn boxed<T>(children: Vec<T>) -> Vec<NonNull<T>> {
    let children = children.into_iter();
    children
        .map(|child| NonNull::from(Box::leak(Box::new(child))))
        .collect()
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// The text at a pointer of a structure, which lives as long as that; empty where there is none.
fn text(start: &*const c_char) -> &str {
    if start.is_null() {
        return "";
    }
    // SAFETY: by the specification it is null or a text that ends with a zero, and lives until the structure is released.
    unsafe { CStr::from_ptr(*start) }.to_str().unwrap_or("?")
}

fn children<T>(start: &*mut *mut T, count: i64) -> impl Iterator<Item = &T> {
    let count = usize::try_from(count).unwrap_or_default();
    (0..count).filter_map(move |number| {
        // SAFETY: there are as many pointers as the structure says, each to a structure that lives as long as it.
        unsafe { (*start.add(number)).as_ref() }
    })
}

/// # Safety
/// `schema` is one that [`Schema::new`] made, and was not released.
unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: so says the caller.
    let schema = unsafe { &mut *schema };
    schema.release = None;
    // SAFETY: `new` made it of such a box, and `release` is called once.
    drop(unsafe { Box::from_raw(schema.private_data.cast::<Held<Schema>>()) });
}

/// # Safety
/// `array` is one that [`Array::new`] made, and was not released.
unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: so says the caller.
    let array = unsafe { &mut *array };
    array.release = None;
    // SAFETY: `new` made it of such a box, and `release` is called once.
    drop(unsafe { Box::from_raw(array.private_data.cast::<Held<Array>>()) });
}

/// # Safety
/// `stream` is one that [`ArrayStream::of_one`] made and was not released; `schema` is there to be written.
unsafe extern "C" fn schema_of_one(stream: *mut ArrayStream, schema: *mut Schema) -> c_int {
    // SAFETY: `of_one` made it of such a box.
    let held = unsafe { &mut *(*stream).private_data.cast::<OneBatch>() };
    let columns = held.schema.children();
    let columns = columns.map(|column| Schema::new(column.format(), column.name(), Vec::new()));
    let copy = Schema::new(held.schema.format(), held.schema.name(), columns.collect());
    // SAFETY: so says the caller. What is there is not read.
    unsafe { schema.write(copy) };
    0
}

/// # Safety
/// As for [`schema_of_one`].
unsafe extern "C" fn next_of_one(stream: *mut ArrayStream, array: *mut Array) -> c_int {
    // SAFETY: `of_one` made it of such a box.
    let held = unsafe { &mut *(*stream).private_data.cast::<OneBatch>() };
    // A released array is the end.
    let next = mem::replace(&mut held.array, Array::released());
    // SAFETY: so says the caller. What is there is not read.
    unsafe { array.write(next) };
    0
}

/// # Safety
/// None is needed.
unsafe extern "C" fn error_of_one(_: *mut ArrayStream) -> *const c_char {
    ptr::null()
}

/// # Safety
/// As for [`schema_of_one`].
unsafe extern "C" fn release_one(stream: *mut ArrayStream) {
    // SAFETY: so says the caller.
    let stream = unsafe { &mut *stream };
    stream.release = None;
    // SAFETY: `of_one` made it of such a box, and `release` is called once.
    drop(unsafe { Box::from_raw(stream.private_data.cast::<OneBatch>()) });
}
