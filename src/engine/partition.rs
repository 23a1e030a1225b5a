//! Many services at once: the namespaces of services know nothing of each other, so each settles by itself, on whatever
//! thread is free, over what all of them share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::said::{Findings, Said};
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

/// Documents that may settle apart.
pub(super) struct Parts<'a> {
    /// What all namespaces of services share.
    shared: Vec<&'a Given>,
    /// The documents of each namespace that holds services.
    apart: Vec<Vec<&'a Given>>,
}

impl<'a> Parts<'a> {
    /// Divides documents by namespace; `None` where each namespace by itself would not be the same as all at once, or is
    /// not worth the while.
    pub(super) fn of(given: &'a [Given]) -> Option<Self> {
        let services = || {
            let objects = given.iter().map(|given| &given.object);
            objects.filter(|object| object.kind() == Kind::AimService)
        };
        let namespaces: BTreeSet<&str> = services().map(namespace).collect();
        if namespaces.len() < 2 || services().count() < WORTH {
            return None;
        }
        let (apart, shared): (Vec<&Given>, Vec<&Given>) = given.iter().partition(|given| {
            let kind = given.object.kind();
            kind.namespaced() && namespaces.contains(namespace(&given.object))
        });
        let is_local = |given: &&Given| LOCAL.contains(&given.object.kind());
        let ends_listing = |given: &Given| controllers::aim::ends_listing(&given.object);
        if !apart.iter().all(is_local) || given.iter().any(ends_listing) {
            return None;
        }
        let mut parts: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
        for given in apart {
            let part = parts.entry(namespace(&given.object));
            part.or_default().push(given);
        }
        Some(Self {
            shared,
            apart: parts.into_values().collect(),
        })
    }

    /// The World at rest; `None` where a namespace changed what all share.
    pub(super) fn settle(&self, facts: &Facts) -> Result<Option<Settled>, EngineError> {
        let (mut whole, mut documents, world) = self.shared(facts)?;
        let mut worlds = Vec::with_capacity(self.apart.len());
        for (settler, more) in
            self.each(&world, |settler, documents| (settler.at_rest(), documents))?
        {
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
        let given = self.apart.iter().flatten().chain(&self.shared);
        let facts = given.filter(|given| given.fact);
        let facts_only = facts.map(|given| given.object.key()).collect();
        Ok(Some((whole, roots, facts_only)))
    }

    /// What a user should know of the World at rest; `None` where a namespace changed what all share.
    ///
    /// Each namespace is forgotten as soon as it has spoken, so that this needs memory for a few of them only.
    pub(super) fn findings(&self, facts: &Facts) -> Result<Option<Findings>, EngineError> {
        let (shared, _, world) = self.shared(facts)?;
        let mut findings = Said::of(shared.records, shared.refused, &world).findings;
        let speak = |settler: Settler, _| {
            let apart = !settler.world.hides_base();
            apart.then(|| Said::of(settler.records, settler.refused, &settler.world).findings)
        };
        for more in self.each(&world, speak)? {
            let Some(more) = more else { return Ok(None) };
            findings.extend(more);
        }
        Ok(Some(findings))
    }

    /// What all share, at rest, and its World beside it for the parts to lie over.
    fn shared(&self, facts: &Facts) -> Result<(Settler, Documents, Arc<World>), EngineError> {
        let (settler, documents) = run(empty_world(facts.clone()), &self.shared)?;
        let mut settler = settler.at_rest();
        let world = Arc::new(std::mem::take(&mut settler.world));
        Ok((settler, documents, world))
    }

    /// Lets each part settle over what all share, and finishes it there.
    fn each<T: Send>(
        &self,
        world: &Arc<World>,
        finish: impl Fn(Settler, Documents) -> T + Sync,
    ) -> Result<Vec<T>, EngineError> {
        self.apart
            .par_iter()
            .map(|part| {
                let (settler, documents) = run(World::over(Arc::clone(world)), part)?;
                Ok(finish(settler, documents))
            })
            .collect()
    }
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
