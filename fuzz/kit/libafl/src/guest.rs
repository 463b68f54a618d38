//! A guest that executors share, and the observers of what it tells.

use crate::compares::Compares;
use fuelbox::fuzz::Target;
use libafl::observers::{HitcountsMapObserver, OwnedMapObserver, StdCmpObserver};
use libafl_bolts::ownedref::OwnedRefMut;
use std::{
    cell::{RefCell, RefMut},
    rc::Rc,
};

/// A guest that executors share. Clones are the same guest.
#[derive(Clone, Debug)]
pub struct Guest(Rc<RefCell<Target>>);

/// Observes how often a guest took each of its ways, in classes as AFL has them.
pub type WaysObserver = HitcountsMapObserver<OwnedMapObserver<u8>>;

/// Observes what a guest compares, and puts it where [`Substitute`](crate::Substitute) looks for it, as LibAFL's
/// `I2SRandReplace` does.
pub type ComparesObserver = StdCmpObserver<'static, Compares>;

impl Guest {
    /// A guest that nothing runs yet.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self(Rc::new(RefCell::new(target)))
    }

    /// An observer with a counter for each way of this guest: none is shared.
    #[must_use]
    pub fn ways(&self, name: &'static str) -> WaysObserver {
        // LibAFL takes no empty map.
        let ways = self.0.borrow().ways().max(1);
        HitcountsMapObserver::new(OwnedMapObserver::new(name, vec![0; ways]))
    }

    /// An observer of what this guest compares.
    #[must_use]
    pub fn compares(&self, name: &'static str) -> ComparesObserver {
        let compares = OwnedRefMut::Owned(Box::default());
        StdCmpObserver::new(name, compares, true)
    }

    /// The target itself, such as to record a run of it.
    ///
    /// # Panics
    /// If it is borrowed already. Executors borrow it only while they run it.
    #[must_use]
    pub fn target(&self) -> RefMut<'_, Target> {
        self.0.borrow_mut()
    }
}
