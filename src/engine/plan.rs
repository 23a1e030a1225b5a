//! What a run found out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::liveness::{self, Liveness};
use super::said::Said;
use super::settle::Settler;
use super::{blame, empty_world};
use crate::api::aim;
use crate::controllers::{self, Assumption, Creator, Decision, FieldOrigin, Stage};
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Entry, Facts, Kind, Object, ObjectKey, Origin, World};
use crate::source::DocumentId;

/// One object that would exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its key.
    pub key: ObjectKey,
    /// The object as stored.
    pub object: Arc<Object>,
    /// Where it came from.
    pub origin: Origin,
    /// Who brings it into the cluster.
    pub liveness: Liveness,
    /// The given object that it was made from in the end; itself when it was given.
    pub root: ObjectKey,
}

/// What would exist once everything settled, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every object at rest.
    pub world: World,
    /// The objects, by root in the order of the documents, then by key.
    pub objects: Vec<Planned>,
    /// What there is to say, each at a document of the input where it can be traced to one.
    pub findings: Vec<Finding>,
    /// The choices made, by the object they were made for.
    pub decisions: BTreeMap<(ObjectKey, Creator), Vec<Decision>>,
    /// What was taken for granted, with the objects that it concerns.
    pub assumptions: BTreeMap<Assumption, BTreeSet<ObjectKey>>,
    /// The given objects in the order of their documents.
    roots: Vec<(DocumentId, ObjectKey)>,
    facts_only: BTreeSet<ObjectKey>,
}

impl Plan {
    /// The plan of no documents.
    #[must_use]
    pub fn empty(facts: Facts) -> Self {
        Self {
            world: empty_world(facts),
            objects: Vec::new(),
            findings: Vec::new(),
            decisions: BTreeMap::new(),
            assumptions: BTreeMap::new(),
            roots: Vec::new(),
            facts_only: BTreeSet::new(),
        }
    }

    /// The keys of the given objects, in the order of their documents.
    pub fn given(&self) -> impl Iterator<Item = &ObjectKey> {
        self.roots.iter().map(|(_, key)| key)
    }

    /// The given objects, each with its document.
    pub(super) fn documents(&self) -> impl Iterator<Item = (ObjectKey, DocumentId)> {
        self.roots
            .iter()
            .map(|(document, key)| (key.clone(), *document))
    }

    /// Whether a given object is a user's to delete: no controller made it, and it is of a kind that users write for the
    /// chain. Nodes and other facts of a cluster stay when a document of them is gone.
    pub(super) fn is_users(&self, key: &ObjectKey) -> bool {
        let made = self
            .world
            .object(key)
            .is_some_and(|object| liveness::maker(object).is_some());
        key.kind.is_of_the_chain() && !made
    }

    /// The given objects that are facts only.
    pub(super) fn facts_only(&self) -> impl Iterator<Item = &ObjectKey> {
        self.facts_only.iter()
    }

    /// The same plan as a cluster without AIM Engine remembers it: AIM Engine's own objects are nowhere, and the given
    /// ones have no status but a given one.
    pub(super) fn without_aim_engine(&self) -> Self {
        let mut plan = self.clone();
        for planned in &self.objects {
            let Some(entry) = plan.world.entry(&planned.key).cloned() else {
                continue;
            };
            match planned.origin {
                Origin::Made { by, .. }
                    if by.stage() == Stage::Aim && planned.liveness != Liveness::Live =>
                {
                    plan.world.remove(&planned.key);
                }
                Origin::Given(_)
                    if planned.key.kind.group() == aim::GROUP && !entry.status_given =>
                {
                    let mut entry = entry;
                    Arc::make_mut(&mut entry.object).clear_status();
                    plan.world.put(entry);
                }
                _ => {}
            }
        }
        plan
    }

    /// Follows a field of an object up the chain to the line of the input that it came from.
    #[must_use]
    pub fn trace(&self, place: Place) -> Place {
        blame::trace(place, None, &self.world)
    }

    /// Where a field of an object came from: one link up the chain, the decisive origin first.
    #[must_use]
    pub fn origins(&self, key: &ObjectKey, path: &FieldPath) -> Vec<FieldOrigin> {
        match self.world.entry(key) {
            Some(Entry {
                object,
                origin: Origin::Made { by, .. },
                ..
            }) => controllers::by(*by)
                .map(|controller| controller.origin_of(object, path, &self.world))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The given object that an object was made from in the end.
    #[must_use]
    pub fn root(&self, key: &ObjectKey) -> ObjectKey {
        blame::root(key, &self.world)
    }

    /// The planned object of that key.
    #[must_use]
    pub fn find(&self, key: &ObjectKey) -> Option<&Planned> {
        self.objects.iter().find(|planned| planned.key == *key)
    }
}

/// Where the objects of a root stand among all: services last of what is given, by key.
fn rank<'k>(root: &'k ObjectKey, given: &BTreeSet<&ObjectKey>) -> (bool, bool, &'k ObjectKey) {
    (!given.contains(root), root.kind == Kind::AimService, root)
}

/// Puts the plan together from a World at rest.
pub(super) fn assemble(
    settler: Settler,
    roots: Vec<(DocumentId, ObjectKey)>,
    facts_only: BTreeSet<ObjectKey>,
) -> Plan {
    let Settler {
        world,
        records,
        refused,
        ..
    } = settler;
    let given: BTreeSet<&ObjectKey> = roots.iter().map(|(_, key)| key).collect();
    let installed = world.facts().installed;
    let mut objects: Vec<Planned> = world
        .iter()
        .map(|(key, entry)| {
            let root = blame::root(key, &world);
            let fact = facts_only.contains(&root);
            Planned {
                key: key.clone(),
                object: Arc::clone(&entry.object),
                origin: entry.origin.clone(),
                liveness: liveness::of(entry, fact, installed),
                root,
            }
        })
        .collect();
    // Not in the order of the documents, which is to change nothing: what is given beside the services, then each service.
    objects.sort_by(|a, b| rank(&a.root, &given).cmp(&rank(&b.root, &given)));

    let said = Said::of(records, refused, &world);
    Plan {
        world,
        objects,
        findings: said.findings.in_order(),
        decisions: said.decisions,
        assumptions: said.assumptions,
        roots,
        facts_only,
    }
}
