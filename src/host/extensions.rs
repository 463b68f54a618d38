//! Extensions: values of the host that belong to one run, found by their type.

use alloc::{boxed::Box, vec::Vec};
use core::{any::Any, fmt};

/// Values of one run, one of each type, for host functions to read and change.
///
/// ```
/// use fuelbox::Extensions;
///
/// struct TenantId(u32);
/// let extensions = Extensions::new().with(TenantId(7));
/// assert_eq!(extensions.get::<TenantId>().map(|tenant| tenant.0), Some(7));
/// ```
///
/// ```
/// # use fuelbox::Extensions;
/// let mut extensions = Extensions::new();
/// extensions.insert(1_u32);
/// if let Some(count) = extensions.get_mut::<u32>() {
///     *count += 1;
/// }
/// assert_eq!(extensions.get::<u32>(), Some(&2));
/// ```
#[derive(Default)]
pub struct Extensions(Vec<Box<dyn Any + Send>>);

impl Extensions {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value, in place of any other of its type.
    #[must_use]
    pub fn with<T: Send + 'static>(mut self, value: T) -> Self {
        self.insert(value);
        self
    }

    /// Adds a value, in place of any other of its type.
    pub fn insert<T: Send + 'static>(&mut self, value: T) {
        match self.get_mut() {
            Some(old) => *old = value,
            None => self.0.push(Box::new(value)),
        }
    }

    /// The value of this type.
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.iter().find_map(|value| (**value).downcast_ref())
    }

    /// The value of this type, to be changed.
    #[must_use]
    pub fn get_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.0.iter_mut().find_map(|value| (**value).downcast_mut())
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extensions({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_value_of_each_type() {
        let mut extensions = Extensions::new().with(1_u8).with(2_u16).with(3_u8);
        assert_eq!(
            (extensions.get(), extensions.get()),
            (Some(&3_u8), Some(&2_u16))
        );
        *extensions.get_mut::<u16>().expect("it is there") = 9;
        assert_eq!(extensions.get(), Some(&9_u16));
        assert_eq!(extensions.get::<u32>(), None);
    }
}
