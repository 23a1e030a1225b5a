//! Writes through admission until nothing changes; gives the Plan.
//!
//! Given facts settle first. Then the services follow in the order of their documents, each until it is quiet
//! (spec 2.19), and at last everything is looked at once more, until a whole round changes nothing.

mod apply;
mod blame;
mod garbage;
mod liveness;
mod load;
mod merge;
mod partition;
mod plan;
mod said;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use liveness::Liveness;
pub use load::{Loaded, load, load_over};
pub use plan::{Plan, Planned};

use crate::diag::Finding;
use crate::inventory::{Entry, Facts, Installed, ManagedFields, Object, ObjectKey, Origin, World};
use crate::source::DocumentId;
use partition::Parts;
use settle::Settler;

/// A document of the input, typed and as the API server would store it.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Which document.
    pub document: DocumentId,
    /// The object, after the API server's defaults.
    pub object: Object,
    /// It is a fact only (`--facts`): never printed.
    pub fact: bool,
}

/// Why no plan could be made: a bug of the tool, never of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Controllers undo each other's writes.
    #[error("internal error: {0} never settles: {1} controllers keep changing it")]
    Unsettled(ObjectKey, usize),
}

/// What would exist once everything settled.
///
/// # Errors
/// The controllers never settle.
pub fn plan(given: Vec<Given>, facts: Facts) -> Result<Plan, EngineError> {
    let parts = Parts::of(&given).map(|parts| parts.settle(&facts));
    match parts.transpose()?.flatten() {
        Some((settler, roots, facts_only)) => Ok(plan::assemble(settler, roots, facts_only)),
        None => plan_after(&Plan::empty(facts), given),
    }
}

/// What there is to say about these documents: the findings of [`plan`] without the plan, in memory for a few namespaces.
///
/// # Errors
/// The controllers never settle.
pub fn check(given: Vec<Given>, facts: Facts) -> Result<Vec<Finding>, EngineError> {
    let parts = Parts::of(&given).map(|parts| parts.findings(&facts));
    match parts.transpose()?.flatten() {
        Some(findings) => Ok(findings.in_order()),
        None => Ok(plan_after(&Plan::empty(facts), given)?.findings),
    }
}

/// The documents alone, as the API server stores them: no controller has seen them yet.
#[must_use]
pub fn plan_of_documents(given: Vec<Given>, facts: Facts) -> Plan {
    let mut settler = Settler::new(empty_world(facts));
    let mut roots = Vec::with_capacity(given.len());
    for Given {
        document, object, ..
    } in given
    {
        roots.push((document, object.key()));
        settler.give(Origin::Given(document), object);
    }
    let mut plan = plan::assemble(settler, roots, BTreeSet::new());
    for planned in &mut plan.objects {
        planned.liveness = Liveness::Live;
    }
    plan
}

/// What would exist after these documents are applied over an earlier plan, whose other documents are gone.
///
/// An object that was given before and is no longer is deleted, with what it owns.
///
/// # Errors
/// The controllers never settle.
pub fn plan_after(before: &Plan, given: Vec<Given>) -> Result<Plan, EngineError> {
    let keys: BTreeSet<ObjectKey> = given.iter().map(|given| given.object.key()).collect();
    let gone = before
        .given()
        .filter(|key| !keys.contains(key) && before.is_users(key))
        .cloned()
        .map(Change::Delete);
    let changes: Vec<Change> = gone.chain(given.into_iter().map(Change::give)).collect();
    if before.world.facts().installed == Installed::AimEngine {
        return change(before, changes);
    }
    // Without AIM Engine in the cluster its objects are the applier's, made afresh each time: what AIM Engine remembers
    // (pins, caches, conditions) is nowhere, and what is no longer rendered is pruned.
    let settler = after(&before.without_aim_engine(), changes)?;
    let stale: Vec<ObjectKey> = before
        .objects
        .iter()
        .filter(|planned| {
            planned.liveness == Liveness::Live && matches!(planned.origin, Origin::Made { .. })
        })
        .filter(|planned| !settler.0.written.contains(&planned.key))
        .map(|planned| planned.key.clone())
        .collect();
    let (mut settler, roots, facts_only) = settler;
    for key in &stale {
        garbage::delete(&mut settler.world, key);
    }
    settler.run(roots.iter().map(|(_, key)| key))?;
    Ok(plan::assemble(settler, roots, facts_only))
}

/// One thing that a user does to a cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Apply a document.
    Give(Box<Given>),
    /// Delete an object, with what it owns.
    Delete(ObjectKey),
}

impl Change {
    /// Applies a document.
    #[must_use]
    pub fn give(given: Given) -> Self {
        Self::Give(Box::new(given))
    }
}

/// What would exist after a user changed something in a settled cluster.
///
/// An update that is refused leaves the object as it was; the refusal is a finding.
///
/// # Errors
/// The controllers never settle.
pub fn change(before: &Plan, changes: Vec<Change>) -> Result<Plan, EngineError> {
    let (settler, roots, facts_only) = after(before, changes)?;
    Ok(plan::assemble(settler, roots, facts_only))
}

type Settled = (Settler, Vec<(DocumentId, ObjectKey)>, BTreeSet<ObjectKey>);

/// The World after the changes, at rest.
fn after(before: &Plan, changes: Vec<Change>) -> Result<Settled, EngineError> {
    let mut settler = Settler::new(before.world.clone().unseen());
    let mut documents: BTreeMap<ObjectKey, DocumentId> = before.documents().collect();
    let mut facts_only: BTreeSet<ObjectKey> = before.facts_only().cloned().collect();
    for change in changes {
        match change {
            Change::Delete(key) => {
                garbage::delete(&mut settler.world, &key);
                documents.remove(&key);
            }
            Change::Give(given) => {
                let Given {
                    document,
                    object,
                    fact,
                } = *given;
                let key = object.key();
                if fact {
                    facts_only.insert(key.clone());
                }
                settler.give(Origin::Given(document), object);
                documents.insert(key, document);
            }
        }
    }
    let mut roots: Vec<(DocumentId, ObjectKey)> = documents
        .into_iter()
        .map(|(key, document)| (document, key))
        .collect();
    roots.sort();
    settler.run(roots.iter().map(|(_, key)| key))?;
    Ok((settler, roots, facts_only))
}

/// An entry as the engine first puts it into the World.
fn entry(object: Object, origin: Origin) -> Entry {
    let status_given = object.has_status();
    let object = Arc::new(object);
    let managed = ManagedFields {
        given: Some(Arc::clone(&object)),
        applied: BTreeMap::new(),
    };
    Entry {
        object,
        origin,
        status_given,
        managed,
    }
}

/// The World that a run begins with.
fn empty_world(facts: Facts) -> World {
    World::new(facts)
}
