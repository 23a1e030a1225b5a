//! The loop: visit an object, carry out its controllers' writes, look again at whatever that may concern.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::{EngineError, apply, entry, garbage};
use crate::admission;
use crate::api::aim;
use crate::controllers::{self, Aspect, Controller, Creator, Notes, Stop, Write};
use crate::diag::Refusal;
use crate::inventory::{Kind, ManagedFields, Object, ObjectKey, Origin, World};

/// Visits of one object after which the controllers are taken to undo each other's writes.
const MOST_VISITS: usize = 200;

/// What a controller said at its last pass over an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// Findings, decisions, assumptions.
    pub(super) notes: Notes,
    /// What ended the pass, and the object whose write was refused.
    pub(super) stop: Option<(Stop, Option<Arc<Object>>)>,
}

/// A World on its way to rest.
pub(super) struct Settler {
    pub(super) world: World,
    pub(super) records: BTreeMap<(ObjectKey, Creator), Record>,
    /// Refusals of given objects at the doors of their kinds.
    pub(super) refused: Vec<(ObjectKey, Origin, Refusal)>,
    /// What controllers wrote, changed by it or not.
    pub(super) written: BTreeSet<ObjectKey>,
    /// Services that their operator cannot list, so that it never sees them.
    unlisted: BTreeSet<ObjectKey>,
    visits: BTreeMap<ObjectKey, usize>,
    /// How often each object's spec or metadata changed.
    generations: BTreeMap<ObjectKey, u64>,
    /// What each controller wrote last, and the object's generation then.
    repeated: BTreeMap<(ObjectKey, Creator), (Write, u64)>,
}

impl Settler {
    pub(super) fn new(world: World) -> Self {
        Self {
            world,
            records: BTreeMap::new(),
            refused: Vec::new(),
            written: BTreeSet::new(),
            unlisted: BTreeSet::new(),
            visits: BTreeMap::new(),
            generations: BTreeMap::new(),
            repeated: BTreeMap::new(),
        }
    }

    /// What it came to, without what was needed on the way.
    pub(super) fn at_rest(self) -> Self {
        Self {
            records: self.records,
            refused: self.refused,
            written: self.written,
            ..Self::new(self.world.at_rest())
        }
    }

    /// Takes a document's object through the doors of its kind into the World.
    pub(super) fn give(&mut self, origin: Origin, object: Object) {
        let key = object.key();
        let stored = self.world.entry(&key);
        let managed = stored.map(|entry| entry.managed.clone());
        let old = stored.map(|entry| Arc::clone(&entry.object));
        let document = stored.map(|_| Arc::new(object.clone()));
        match admission::admit(
            apply::client_side(object, stored),
            old.as_deref(),
            admission::Operation::Write,
            &self.world,
        ) {
            Ok(object) => {
                *self.generations.entry(key.clone()).or_default() += 1;
                // Whoever changes an object by hand does not become its maker.
                let maker = self
                    .world
                    .entry(&key)
                    .map(|old| &old.origin)
                    .filter(|old| matches!(old, Origin::Made { .. }));
                let mut entry = entry(object, maker.cloned().unwrap_or(origin));
                if let Some(old) = old.filter(|_| !entry.status_given) {
                    Arc::make_mut(&mut entry.object).take_status_of(&old);
                }
                if let Some(managed) = managed {
                    entry.managed = managed;
                    entry.managed.given = document;
                }
                self.world.put(entry);
            }
            Err(refusal) => self.refused.push((key, origin, *refusal)),
        }
    }

    /// Facts first, then each service until it is quiet, then rounds over everything until nothing changes.
    pub(super) fn run<'k>(
        &mut self,
        roots: impl Iterator<Item = &'k ObjectKey>,
    ) -> Result<(), EngineError> {
        let (services, facts): (Vec<_>, Vec<_>) =
            roots.cloned().partition(|key| key.kind == Kind::AimService);
        let ends_listing = |key: &&ObjectKey| {
            let object = self.world.object(key);
            object.is_some_and(controllers::aim::ends_listing)
        };
        self.unlisted = services
            .iter()
            .skip_while(|key| !ends_listing(key))
            .cloned()
            .collect();
        self.settle(facts)?;
        for service in services {
            while self.settle([service.clone()])? {}
        }
        while {
            let all: Vec<ObjectKey> = self.world.iter().map(|(key, _)| key.clone()).collect();
            self.settle(all)?
        } {}
        Ok(())
    }

    /// Visits objects, and all that their changes concern, until nothing is left to visit; whether anything changed.
    fn settle(&mut self, keys: impl IntoIterator<Item = ObjectKey>) -> Result<bool, EngineError> {
        let mut queue = Queue::default();
        for key in keys {
            queue.push(key);
        }
        let mut any = false;
        while let Some(key) = queue.pop() {
            // Somebody else's to settle, or seen by nobody: no visit, and none to remember.
            if self.world.is_below(&key) || self.unlisted.contains(&key) {
                continue;
            }
            // What it looks at is as it was: another visit would change nothing.
            if self.world.rests(&key) {
                continue;
            }
            let since = self.world.watch();
            let changed = self.visit(&key);
            let seen = self.world.seen(since);
            self.world.remember(&key, seen);
            if changed.is_empty() {
                continue;
            }
            any = true;
            let visits = self.visits.entry(key.clone()).or_default();
            *visits += 1;
            if *visits > MOST_VISITS {
                return Err(EngineError::Unsettled(
                    key,
                    controllers::of(changed.first().map_or(Kind::Pod, |(key, _)| key.kind)).count(),
                ));
            }
            for (key, aspect) in &changed {
                if *aspect == Aspect::Existence && self.world.entry(key).is_some() {
                    queue.push_fresh(key.clone());
                }
            }
            for key in changed
                .iter()
                .flat_map(|(key, aspect)| self.concerned(key, *aspect))
            {
                queue.push(key);
            }
        }
        Ok(any)
    }

    /// Lets every controller of an object's kind make one pass; gives the keys of what changed.
    fn visit(&mut self, key: &ObjectKey) -> Vec<(ObjectKey, Aspect)> {
        let mut changed = Vec::new();
        for controller in controllers::of(key.kind) {
            if self.world.entry(key).is_none() {
                break;
            }
            let mut pass = controller.reconcile(key, &self.world);
            let mut stop = None;
            for write in &pass.writes {
                match self.write(controller.creator(), key, write) {
                    Ok(aspect) => changed.extend(aspect.map(|aspect| (write.key(), aspect))),
                    Err(refusal) => {
                        let object = match write {
                            Write::Apply(object) | Write::Put(object) | Write::Touch(object) => {
                                Some(Arc::clone(object))
                            }
                            Write::Delete(_) => None,
                        };
                        stop = Some((
                            Stop {
                                write: Some(write.key()),
                                refusal: *refusal,
                            },
                            object,
                        ));
                        break;
                    }
                }
            }
            if stop.is_none() {
                stop = pass.failure.take().map(|refusal| {
                    (
                        Stop {
                            write: None,
                            refusal,
                        },
                        None,
                    )
                });
            }
            self.conclude(controller, key, pass, stop, &mut changed);
        }
        changed
    }

    fn conclude(
        &mut self,
        controller: &dyn Controller,
        key: &ObjectKey,
        pass: controllers::Pass,
        stop: Option<(Stop, Option<Arc<Object>>)>,
        changed: &mut Vec<(ObjectKey, Aspect)>,
    ) {
        let conclusion =
            controller.conclude(key, &self.world, &pass, stop.as_ref().map(|(stop, _)| stop));
        if let Some(status) = conclusion.status
            && let Some(entry) = self.world.entry(key)
            && !entry.status_given
        {
            let mut entry = entry.clone();
            let object = Arc::make_mut(&mut entry.object);
            if object.take_status_of(&status) {
                self.world.put(entry);
                changed.push((key.clone(), Aspect::Status));
            }
        }
        if self
            .world
            .set_events(key, controller.creator(), conclusion.events)
        {
            changed.push((key.clone(), Aspect::Status));
        }
        let mut stop = stop;
        if let (Some((stop, _)), Some(refusal)) = (&mut stop, conclusion.refusal) {
            stop.refusal = refusal;
        }
        let mut notes = pass.notes;
        notes.extend(conclusion.notes);
        self.records
            .insert((key.clone(), controller.creator()), Record { notes, stop });
    }

    /// Carries out one write; what it changed.
    fn write(
        &mut self,
        by: Creator,
        from: &ObjectKey,
        write: &Write,
    ) -> Result<Option<Aspect>, Box<Refusal>> {
        self.written.insert(write.key());
        if let Write::Delete(key) = write {
            // Whether it is there decides what the write does, and so whether to do it again.
            let _ = self.world.entry(key);
        }
        if self.is_repeated(by, write) {
            return Ok(None);
        }
        let (object, operation) = match write {
            Write::Delete(key) => {
                let there = garbage::delete(&mut self.world, key);
                return Ok(there.then_some(Aspect::Existence));
            }
            Write::Apply(object) => (
                apply::server_side(object, &self.world, by)?,
                admission::Operation::Apply,
            ),
            Write::Put(object) | Write::Touch(object) => {
                (object.as_ref().clone(), admission::Operation::Write)
            }
        };
        let key = object.key();
        let old = self.world.entry(&key);
        let mut object = admission::admit(
            object,
            old.map(|old| old.object.as_ref()),
            operation,
            &self.world,
        )?;
        let applied = match write {
            Write::Apply(applied) => Some((by, Arc::clone(applied))),
            _ => None,
        };
        let (origin, status_given, mut managed, changed) = match old {
            Some(old) => {
                object.take_status_of(&old.object);
                let changed = (object != *old.object).then_some(Aspect::Spec);
                (
                    old.origin.clone(),
                    old.status_given,
                    old.managed.clone(),
                    changed,
                )
            }
            None => {
                object.clear_status();
                let origin = Origin::Made {
                    by,
                    from: from.clone(),
                };
                (
                    origin,
                    false,
                    ManagedFields::default(),
                    Some(Aspect::Existence),
                )
            }
        };
        managed.applied.extend(applied);
        self.remember(by, write, &key, changed.is_some());
        self.world.put(crate::inventory::Entry {
            object: Arc::new(object),
            origin,
            status_given,
            managed,
        });
        Ok(changed)
    }

    /// Whether a controller writes what it wrote before, and nobody wrote to the object since. Most writes of most passes
    /// are such, and the doors need not see them again.
    fn is_repeated(&self, by: Creator, write: &Write) -> bool {
        let (Write::Apply(object) | Write::Put(object) | Write::Touch(object)) = write else {
            return false;
        };
        let key = object.key();
        let now = self.generations.get(&key).copied().unwrap_or_default();
        let same = |(before, generation): &(Write, u64)| *generation == now && before == write;
        self.world.entry(&key).is_some() && self.repeated.get(&(key, by)).is_some_and(same)
    }

    fn remember(&mut self, by: Creator, write: &Write, key: &ObjectKey, changed: bool) {
        let generation = self.generations.entry(key.clone()).or_default();
        *generation += u64::from(changed);
        self.repeated
            .insert((key.clone(), by), (write.clone(), *generation));
    }

    /// What to look at when an object changed: itself, its owners, what it was made from, and whoever watches it.
    fn concerned(&self, changed: &ObjectKey, aspect: Aspect) -> Vec<ObjectKey> {
        let mut keys = Vec::new();
        if let Some(entry) = self.world.entry(changed) {
            keys.push(changed.clone());
            keys.extend(apply::owner(&entry.object));
            if let Origin::Made { from, .. } = &entry.origin {
                keys.push(from.clone());
            }
        }
        for controller in controllers::ALL {
            keys.extend(controller.wakes(changed, aspect, &self.world));
        }
        keys
    }
}

/// What is still to be visited, each object once.
#[derive(Default)]
struct Queue {
    /// What was just made: its own controller looks at it while the maker is still busy with the next object.
    fresh: VecDeque<ObjectKey>,
    /// What others than AIM Engine look after: quick to come to rest, and looked at by AIM Engine when it has.
    other: VecDeque<ObjectKey>,
    /// AIM Engine's objects. Which of two comes first decides in places what becomes of both.
    aim: VecDeque<ObjectKey>,
    queued: BTreeSet<ObjectKey>,
}

impl Queue {
    fn push(&mut self, key: ObjectKey) {
        if self.queued.insert(key.clone()) {
            let waiting = if key.kind.group() == aim::GROUP {
                &mut self.aim
            } else {
                &mut self.other
            };
            waiting.push_back(key);
        }
    }

    fn push_fresh(&mut self, key: ObjectKey) {
        if self.queued.insert(key.clone()) {
            self.fresh.push_back(key);
        }
    }

    fn pop(&mut self) -> Option<ObjectKey> {
        let other = || self.other.pop_front();
        let key = self.fresh.pop_front().or_else(other);
        let key = key.or_else(|| self.aim.pop_front())?;
        self.queued.remove(&key);
        Some(key)
    }
}
