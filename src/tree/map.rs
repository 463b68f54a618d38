//! An ordered map whose copies share all but what is changed.
//!
//! A copy takes no time, and a change copies only the few entries on the way to the one that it is about: so there is
//! no moment at which a large tree is copied because a guest changed one file in it.

use alloc::{sync::Arc, vec::Vec};
use core::{borrow::Borrow, cmp::Ordering, mem};

/// An ordered map whose copies share all but what is changed: a binary tree that is balanced by height.
#[derive(Clone)]
pub(super) struct Map<K, V>(Link<K, V>);

type Link<K, V> = Option<Arc<Entry<K, V>>>;

#[derive(Clone)]
struct Entry<K, V> {
    key: K,
    value: V,
    /// Of the longest way down, this entry counted.
    height: u8,
    before: Link<K, V>,
    after: Link<K, V>,
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    pub(super) fn new() -> Self {
        Self(None)
    }

    /// Puts a value in; returns the one that was there.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        insert(&mut self.0, key, value)
    }

    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // Nothing is copied for what is not there.
        self.get(key)?;
        remove(&mut self.0, key)
    }

    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.get(key)?;
        let mut link = &mut self.0;
        loop {
            let entry = Arc::make_mut(link.as_mut()?);
            match key.cmp(entry.key.borrow()) {
                Ordering::Less => link = &mut entry.before,
                Ordering::Greater => link = &mut entry.after,
                Ordering::Equal => return Some(&mut entry.value),
            }
        }
    }

    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let mut link = &self.0;
        loop {
            let entry = link.as_deref()?;
            match key.cmp(entry.key.borrow()) {
                Ordering::Less => link = &entry.before,
                Ordering::Greater => link = &entry.after,
                Ordering::Equal => return Some(&entry.value),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether both are copies of one that was not changed since.
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// The largest key, with what it leads to.
    pub(super) fn last(&self) -> Option<(&K, &V)> {
        let mut entry = self.0.as_deref()?;
        while let Some(after) = entry.after.as_deref() {
            entry = after;
        }
        Some((&entry.key, &entry.value))
    }

    pub(super) fn iter(&self) -> Iter<'_, K, V> {
        let mut iter = Iter(Vec::new());
        iter.descend(&self.0);
        iter
    }

    /// From `key` on, whether it is there or not.
    pub(super) fn iter_from(&self, key: &K) -> Iter<'_, K, V> {
        let mut iter = Iter(Vec::new());
        let mut link = &self.0;
        while let Some(entry) = link.as_deref() {
            if entry.key < *key {
                link = &entry.after;
            } else {
                iter.0.push(entry);
                link = &entry.before;
            }
        }
        iter
    }
}

/// What is in a [`Map`], in order.
pub(super) struct Iter<'a, K, V>(Vec<&'a Entry<K, V>>);

impl<'a, K, V> Iter<'a, K, V> {
    fn descend(&mut self, mut link: &'a Link<K, V>) {
        while let Some(entry) = link.as_deref() {
            self.0.push(entry);
            link = &entry.before;
        }
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.0.pop()?;
        self.descend(&entry.after);
        Some((&entry.key, &entry.value))
    }
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Default for Iter<'_, K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

// They recurse as deep as the map is high, which is less than 1.45 times the number of binary digits of its length.

fn insert<K: Ord + Clone, V: Clone>(link: &mut Link<K, V>, key: K, value: V) -> Option<V> {
    let Some(entry) = link else {
        *link = Some(Arc::new(Entry {
            key,
            value,
            height: 1,
            before: None,
            after: None,
        }));
        return None;
    };
    let entry = Arc::make_mut(entry);
    let old = match key.cmp(&entry.key) {
        Ordering::Less => insert(&mut entry.before, key, value),
        Ordering::Greater => insert(&mut entry.after, key, value),
        Ordering::Equal => return Some(mem::replace(&mut entry.value, value)),
    };
    balance(link);
    old
}

fn remove<K: Borrow<Q> + Clone, Q: Ord + ?Sized, V: Clone>(
    link: &mut Link<K, V>,
    key: &Q,
) -> Option<V> {
    let entry = Arc::make_mut(link.as_mut()?);
    let removed = match key.cmp(entry.key.borrow()) {
        Ordering::Less => remove(&mut entry.before, key),
        Ordering::Greater => remove(&mut entry.after, key),
        Ordering::Equal => {
            let entry = Arc::unwrap_or_clone(link.take()?);
            *link = join(entry.before, entry.after);
            Some(entry.value)
        }
    };
    balance(link);
    removed
}

/// One of two that differ in height by one at the most, all of whose keys are in order.
fn join<K: Clone, V: Clone>(before: Link<K, V>, mut after: Link<K, V>) -> Link<K, V> {
    let Some(first) = take_first(&mut after) else {
        return before;
    };
    Some(Arc::new(Entry {
        before,
        after,
        ..first
    }))
}

fn take_first<K: Clone, V: Clone>(link: &mut Link<K, V>) -> Option<Entry<K, V>> {
    let entry = Arc::make_mut(link.as_mut()?);
    if let Some(first) = take_first(&mut entry.before) {
        balance(link);
        return Some(first);
    }
    let mut first = Arc::unwrap_or_clone(link.take()?);
    *link = first.after.take();
    Some(first)
}

/// Restores the balance where one side is higher than the other by two at the most.
fn balance<K: Clone, V: Clone>(link: &mut Link<K, V>) {
    let Some(entry) = link.as_mut().map(Arc::make_mut) else {
        return;
    };
    let (before, after) = (height(&entry.before), height(&entry.after));
    if before > after.saturating_add(1) {
        if leans(&entry.before) == Ordering::Less {
            raise_after(&mut entry.before);
        }
        raise_before(link);
    } else if after > before.saturating_add(1) {
        if leans(&entry.after) == Ordering::Greater {
            raise_before(&mut entry.after);
        }
        raise_after(link);
    } else {
        entry.measure();
    }
}

fn height<K, V>(link: &Link<K, V>) -> u8 {
    link.as_ref().map_or(0, |entry| entry.height)
}

/// Whether the side before is lower or higher than the one after.
fn leans<K, V>(link: &Link<K, V>) -> Ordering {
    link.as_ref().map_or(Ordering::Equal, |entry| {
        height(&entry.before).cmp(&height(&entry.after))
    })
}

/// Lets the entry before take the place of the one that it hangs on.
fn raise_before<K: Clone, V: Clone>(link: &mut Link<K, V>) {
    let Some(mut top) = link.take() else { return };
    let lowered = Arc::make_mut(&mut top);
    if let Some(mut pivot) = lowered.before.take() {
        let raised = Arc::make_mut(&mut pivot);
        lowered.before = raised.after.take();
        lowered.measure();
        raised.after = Some(top);
        raised.measure();
        *link = Some(pivot);
    }
}

/// Lets the entry after take the place of the one that it hangs on.
fn raise_after<K: Clone, V: Clone>(link: &mut Link<K, V>) {
    let Some(mut top) = link.take() else { return };
    let lowered = Arc::make_mut(&mut top);
    if let Some(mut pivot) = lowered.after.take() {
        let raised = Arc::make_mut(&mut pivot);
        lowered.after = raised.before.take();
        lowered.measure();
        raised.before = Some(top);
        raised.measure();
        *link = Some(pivot);
    }
}

impl<K, V> Entry<K, V> {
    fn measure(&mut self) {
        let below = height(&self.before).max(height(&self.after));
        self.height = below.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    /// The height, where everything is in order and balanced.
    fn checked(link: &Link<u8, u8>) -> u8 {
        let Some(entry) = link else { return 0 };
        let (before, after) = (checked(&entry.before), checked(&entry.after));
        assert!(before.abs_diff(after) <= 1, "{before} and {after}");
        assert_eq!(entry.height, before.max(after).saturating_add(1));
        entry.height
    }

    proptest! {
        #[test]
        fn it_is_a_map_and_its_copies_stay_as_they_were(
            changes in proptest::collection::vec((any::<u8>(), any::<Option<u8>>()), 0..400),
            from in any::<u8>(),
        ) {
            let (mut map, mut model) = (Map::new(), BTreeMap::new());
            let mut copies = Vec::new();
            for (key, value) in changes {
                copies.push((map.clone(), model.clone()));
                match value {
                    Some(0) => prop_assert_eq!(map.get_mut(&key), model.get_mut(&key)),
                    Some(value) => prop_assert_eq!(map.insert(key, value), model.insert(key, value)),
                    None => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                }
                checked(&map.0);
            }
            copies.push((map, model));
            for (map, model) in copies {
                prop_assert!(map.iter().eq(&model));
                prop_assert!(map.iter_from(&from).eq(model.range(from..)));
                prop_assert_eq!(map.last(), model.last_key_value());
                prop_assert_eq!(map.is_empty(), model.is_empty());
                prop_assert_eq!(map.get(&from), model.get(&from));
            }
        }
    }

    #[test]
    fn a_change_copies_only_the_way_to_it() {
        let mut map = Map::new();
        for key in 0..u16::MAX {
            // The number of owners tells whether it is shared.
            map.insert(key, Arc::new(()));
        }
        let copy = map.clone();
        assert!(map.remove(&u16::MAX).is_none());
        assert!(map.is_copy_of(&copy));
        *map.get_mut(&7).expect("it is there") = Arc::new(());
        map.insert(u16::MAX, Arc::new(()));
        map.remove(&30_000);
        assert!(map.remove(&30_000).is_none());
        let copied = copy.iter().filter(|(_, held)| Arc::strong_count(held) > 1);
        assert!(copied.count() < 3 * 32);
    }
}
