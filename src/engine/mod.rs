//! Writes through admission until nothing changes; gives the Plan.
//!
//! Given facts settle first. Then the services follow in the order of their documents, each until it is quiet
//! (spec 2.19), and at last everything is looked at once more, until a whole round changes nothing.

mod apply;
mod blame;
mod garbage;
mod liveness;
mod load;
mod plan;
mod settle;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use liveness::Liveness;
pub use load::{Loaded, load};
pub use plan::{Plan, Planned};

use crate::inventory::{Entry, Facts, Object, ObjectKey, Origin, World};
use crate::source::DocumentId;
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
    plan_after(&Plan::empty(facts), given)
}

/// What would exist after these documents are applied over an earlier plan, whose other documents are gone.
///
/// An object that was given before and is no longer is deleted, with what it owns.
///
/// # Errors
/// The controllers never settle.
pub fn plan_after(before: &Plan, given: Vec<Given>) -> Result<Plan, EngineError> {
    let mut world = before.world.clone();
    let documents: BTreeMap<ObjectKey, DocumentId> =
        given.iter().map(|g| (g.object.key(), g.document)).collect();
    let gone: Vec<ObjectKey> = before
        .given()
        .filter(|key| !documents.contains_key(key))
        .cloned()
        .collect();
    for key in &gone {
        garbage::delete(&mut world, key);
    }
    let mut roots = Vec::with_capacity(given.len());
    let mut facts_only = Vec::new();
    let mut settler = Settler::new(world);
    for Given {
        document,
        object,
        fact,
    } in given
    {
        let key = object.key();
        if fact {
            facts_only.push(key.clone());
        }
        settler.give(Origin::Given(document), object);
        roots.push((document, key));
    }
    roots.sort();
    roots.dedup_by(|a, b| a.1 == b.1);
    let roots: Vec<ObjectKey> = roots.into_iter().map(|(_, key)| key).collect();
    settler.run(&roots)?;
    Ok(plan::assemble(settler, roots, facts_only))
}

/// An entry as the engine first puts it into the World.
fn entry(object: Object, origin: Origin) -> Entry {
    let status_given = object.has_status();
    Entry {
        object: Arc::new(object),
        origin,
        status_given,
    }
}

/// The World that a run begins with.
fn empty_world(facts: Facts) -> World {
    World::new(facts)
}
