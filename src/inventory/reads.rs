//! Which places of the World a pass looked at, and which were touched since.
//!
//! A pass is a function of what it reads: when nothing of that changed, making it again changes nothing.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::key::ObjectKey;

/// The moment of the last change of a place, by the place's number.
type Changes = HashMap<u64, u64, BuildHasherDefault<AsIs>>;

type Derived = BTreeMap<(ObjectKey, TypeId), (u64, Arc<dyn Any + Send + Sync>)>;

/// What a pass read, and when it began.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    since: u64,
    places: Vec<u64>,
}

/// The record of reads and changes of a World.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// Counts the changes.
    now: u64,
    changes: Changes,
    /// What the last pass over each object saw.
    seen: BTreeMap<ObjectKey, Seen>,
    /// Who saw a place at its last pass.
    readers: HashMap<u64, BTreeSet<ObjectKey>, BuildHasherDefault<AsIs>>,
    /// What was worked out from an object alone, and the moment of the change that it was worked out after.
    derived: Mutex<Derived>,
    /// The places read since the watch began; `None` while nobody watches.
    watched: Mutex<Option<Vec<u64>>>,
}

impl Clone for Reads {
    fn clone(&self) -> Self {
        Self {
            now: self.now,
            changes: self.changes.clone(),
            seen: self.seen.clone(),
            readers: self.readers.clone(),
            derived: Mutex::default(),
            watched: Mutex::new(None),
        }
    }
}

impl Reads {
    fn watched(&self) -> MutexGuard<'_, Option<Vec<u64>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to note what is read.
    pub(super) fn watch(&self) -> u64 {
        *self.watched() = Some(Vec::new());
        self.now
    }

    /// What was read since [`Self::watch`], which gave `since`.
    pub(super) fn seen(&self, since: u64) -> Seen {
        let mut places = self.watched().take().unwrap_or_default();
        places.sort_unstable();
        places.dedup();
        places.shrink_to_fit();
        Seen { since, places }
    }

    /// Keeps what the last pass over an object saw.
    pub(super) fn remember(&mut self, key: &ObjectKey, seen: Seen) {
        let old = self.seen.insert(key.clone(), Seen::default());
        let places = |seen: &Option<Seen>| {
            seen.as_ref()
                .map_or_else(Vec::new, |seen| seen.places.clone())
        };
        if old.as_ref().is_none_or(|old| old.places != seen.places) {
            for place in places(&old) {
                if let Some(readers) = self.readers.get_mut(&place) {
                    readers.remove(key);
                }
            }
            for place in &seen.places {
                self.readers.entry(*place).or_default().insert(key.clone());
            }
        }
        self.seen.insert(key.clone(), seen);
    }

    /// Who saw a place at its last pass.
    pub(super) fn readers(&self, place: impl Hash) -> impl Iterator<Item = &ObjectKey> {
        self.readers.get(&number(&place)).into_iter().flatten()
    }

    /// Whether no place changed since the last pass over an object saw it. Two places may share a number: then a change
    /// of one counts for both.
    pub(super) fn rests(&self, key: &ObjectKey) -> bool {
        self.seen.get(key).is_some_and(|seen| {
            seen.since == self.now
                || seen.places.iter().all(|place| {
                    self.changes
                        .get(place)
                        .is_none_or(|changed| *changed <= seen.since)
                })
        })
    }

    /// What `make` works out from an object, at `place`, alone; once for as long as the object stays as it is.
    pub(super) fn derived<T: Any + Send + Sync>(
        &self,
        key: &ObjectKey,
        place: impl Hash,
        make: impl FnOnce() -> T,
    ) -> Arc<T> {
        let changed = self.changes.get(&number(&place)).copied().unwrap_or(0);
        let slot = (key.clone(), TypeId::of::<T>());
        let derived = || self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((moment, value)) = derived().get(&slot)
            && *moment == changed
            && let Ok(value) = Arc::clone(value).downcast()
        {
            return value;
        }
        let value = Arc::new(make());
        let kept: Arc<dyn Any + Send + Sync> = value.clone();
        derived().insert(slot, (changed, kept));
        value
    }

    /// Notes that a place is read.
    pub(super) fn read(&self, place: impl Hash) {
        if let Some(places) = self.watched().as_mut() {
            places.push(number(&place));
        }
    }

    /// Notes that a place changed.
    pub(super) fn change(&mut self, place: impl Hash) {
        self.now += 1;
        self.changes.insert(number(&place), self.now);
    }
}

fn number(place: &impl Hash) -> u64 {
    foldhash::fast::FixedState::default().hash_one(place)
}

/// A hasher for what is a hash already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
