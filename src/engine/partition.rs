//! Many services at once: the namespaces of services know nothing of each other, so each settles by itself, on whatever
//! thread is free, over what all of them share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::settle::Settler;
use super::{EngineError, Given, Settled, empty_world};
use crate::controllers;
use crate::inventory::{Facts, Kind, Object, ObjectKey, Origin, World};
use crate::source::DocumentId;

/// Fewer services than this are not worth threads.
const WORTH: usize = 64;

/// Kinds that nobody in another namespace looks at.
const LOCAL: [Kind; 5] = [
    Kind::AimService,
    Kind::AimModel,
    Kind::AimServiceTemplate,
    Kind::AimTemplateCache,
    Kind::AimArtifact,
];

/// Documents, each key's last.
type Documents = BTreeMap<ObjectKey, DocumentId>;

/// The World at rest, settled namespace by namespace; `None` where that would not be the same as all at once.
pub(super) fn settle(given: &[Given], facts: &Facts) -> Result<Option<Settled>, EngineError> {
    let services = || {
        let objects = given.iter().map(|given| &given.object);
        objects.filter(|object| object.kind() == Kind::AimService)
    };
    let namespaces: BTreeSet<&str> = services().map(namespace).collect();
    if namespaces.len() < 2 || services().count() < WORTH {
        return Ok(None);
    }
    let (apart, shared): (Vec<&Given>, Vec<&Given>) = given.iter().partition(|given| {
        let kind = given.object.kind();
        kind.namespaced() && namespaces.contains(namespace(&given.object))
    });
    let is_local = |given: &&Given| LOCAL.contains(&given.object.kind());
    let ends_listing = |given: &Given| controllers::aim::ends_listing(&given.object);
    if !apart.iter().all(is_local) || given.iter().any(ends_listing) {
        return Ok(None);
    }
    let mut parts: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
    for given in apart {
        parts
            .entry(namespace(&given.object))
            .or_default()
            .push(given);
    }
    let (mut whole, mut documents) = run(empty_world(facts.clone()), &shared)?;
    whole = whole.at_rest();
    let world = Arc::new(std::mem::take(&mut whole.world));
    let settled: Vec<(Settler, Documents)> = parts
        .into_values()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|part| {
            let (settler, documents) = run(World::over(Arc::clone(&world)), &part)?;
            Ok((settler.at_rest(), documents))
        })
        .collect::<Result<_, EngineError>>()?;
    let mut worlds = Vec::with_capacity(settled.len());
    for (settler, more) in settled {
        whole.records.extend(settler.records);
        whole.refused.extend(settler.refused);
        whole.written.extend(settler.written);
        documents.extend(more);
        worlds.push(settler.world);
    }
    let Some(world) = Arc::unwrap_or_clone(world).with(worlds) else {
        return Ok(None);
    };
    whole.world = world;
    whole.refused.sort_by_key(|(_, origin, _)| match origin {
        Origin::Given(document) => Some(*document),
        Origin::Made { .. } => None,
    });
    let mut roots: Vec<(DocumentId, ObjectKey)> = documents
        .into_iter()
        .map(|(key, document)| (document, key))
        .collect();
    roots.sort();
    let facts = given.iter().filter(|given| given.fact);
    let facts_only = facts.map(|given| given.object.key()).collect();
    Ok(Some((whole, roots, facts_only)))
}

fn namespace(object: &Object) -> &str {
    object.metadata().namespace.as_deref().unwrap_or_default()
}

/// Gives documents to a World and lets it come to rest.
fn run(world: World, given: &[&Given]) -> Result<(Settler, Documents), EngineError> {
    let mut settler = Settler::new(world);
    let mut documents = Documents::new();
    for given in given {
        let origin = Origin::Given(given.document);
        settler.give(origin, given.object.clone());
        documents.insert(given.object.key(), given.document);
    }
    let mut roots: Vec<(&DocumentId, &ObjectKey)> = documents
        .iter()
        .map(|(key, document)| (document, key))
        .collect();
    roots.sort();
    settler.run(roots.into_iter().map(|(_, key)| key))?;
    Ok((settler, documents))
}
