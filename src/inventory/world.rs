//! Every object known to a run.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::facts::{Facts, Installed};
use super::key::{Kind, ObjectKey};
use super::object::{Object, Typed};
use crate::api::aim;
use crate::controllers::{Creator, Event};
use crate::kube::unknown::Uid;
use crate::source::DocumentId;

/// Where an object came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A document of the input.
    Given(DocumentId),
    /// A controller made it.
    Made {
        /// The controller.
        by: Creator,
        /// What it was made from.
        from: ObjectKey,
    },
}

/// An object and what the run knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The object as stored, status included.
    pub object: Arc<Object>,
    /// Where it came from.
    pub origin: Origin,
    /// Its status was given (a live dump): it wins over a derived one.
    pub status_given: bool,
    /// Who set which of its fields.
    pub managed: ManagedFields,
}

/// Who set which fields of an object, as far as server-side apply asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ManagedFields {
    /// The document that gave the object.
    pub given: Option<Arc<Object>>,
    /// What each controller applied last.
    pub applied: BTreeMap<Creator, Arc<Object>>,
}

/// A field by which objects are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// Models by `spec.image`, as it stands there.
    ModelImage,
    /// Templates by `spec.modelName`.
    TemplateModel,
    /// Caches by `spec.templateName`.
    CacheTemplate,
    /// Artifacts by `spec.sourceUri`.
    ArtifactSource,
    /// Anything by the UID-less identity of its controller owner: `Kind/name`.
    Owner,
}

type IndexKey = (Kind, String, Index, String);

/// Every object by key. A World may lie over a base (the cluster-scoped facts that all namespaces share).
#[derive(Debug, Default, Clone)]
pub struct World {
    base: Option<Arc<World>>,
    facts: Facts,
    objects: BTreeMap<ObjectKey, Entry>,
    index: BTreeMap<IndexKey, BTreeSet<String>>,
    events: BTreeMap<ObjectKey, BTreeMap<Creator, Vec<Event>>>,
}

impl World {
    /// An empty World.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        Self {
            base: None,
            facts,
            objects: BTreeMap::new(),
            index: BTreeMap::new(),
            events: BTreeMap::new(),
        }
    }

    /// An empty World over another, which it sees and never changes.
    #[must_use]
    pub fn over(base: Arc<World>) -> Self {
        Self {
            facts: base.facts.clone(),
            base: Some(base),
            objects: BTreeMap::new(),
            index: BTreeMap::new(),
            events: BTreeMap::new(),
        }
    }

    /// What flags say about the cluster.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &ObjectKey) -> Option<&Entry> {
        self.objects
            .get(key)
            .or_else(|| self.base.as_ref().and_then(|base| base.entry(key)))
    }

    /// The object of a key.
    #[must_use]
    pub fn object(&self, key: &ObjectKey) -> Option<&Object> {
        self.entry(key).map(|entry| entry.object.as_ref())
    }

    /// The typed object of that namespace (ignored for cluster-scoped kinds) and name.
    #[must_use]
    pub fn get<T: Typed>(&self, namespace: &str, name: &str) -> Option<&T> {
        self.object(&ObjectKey::new(T::TYPED_KIND, namespace, name))?
            .typed()
    }

    /// All entries of a kind in a namespace (empty for cluster-scoped kinds), by name.
    pub fn entries(
        &self,
        kind: Kind,
        namespace: &str,
    ) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        let from = ObjectKey::new(kind, namespace, "");
        let namespace = from.namespace.clone();
        let own = self.range(from.clone(), namespace.clone());
        let base = self
            .base
            .as_ref()
            .map(|base| base.range(from, namespace))
            .into_iter()
            .flatten();
        let mut merged: BTreeMap<&ObjectKey, &Entry> = base.collect();
        merged.extend(own);
        merged.into_iter()
    }

    /// All entries of a kind in every namespace that this World and its base know, by key.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        let own = self.of_kind(kind);
        let base = self.base.as_ref().map(|base| base.of_kind(kind));
        let mut merged: BTreeMap<&ObjectKey, &Entry> = base.into_iter().flatten().collect();
        merged.extend(own);
        merged.into_iter()
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        let from = ObjectKey::new(kind, "", "");
        self.objects
            .range((Bound::Included(from), Bound::Unbounded))
            .take_while(move |(key, _)| key.kind == kind)
    }

    fn range(
        &self,
        from: ObjectKey,
        namespace: String,
    ) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        let kind = from.kind;
        self.objects
            .range((Bound::Included(from), Bound::Unbounded))
            .take_while(move |(key, _)| key.kind == kind && key.namespace == namespace)
    }

    /// All typed objects of a namespace (ignored for cluster-scoped kinds), by name.
    pub fn list<T: Typed + 'static>(&self, namespace: &str) -> impl Iterator<Item = &T> {
        self.entries(T::TYPED_KIND, namespace)
            .filter_map(|(_, entry)| entry.object.typed())
    }

    /// All typed objects of a namespace whose indexed field has that value, by name.
    pub fn by_index<T: Typed + 'static>(
        &self,
        namespace: &str,
        index: Index,
        value: &str,
    ) -> Vec<&T> {
        let namespace = if T::TYPED_KIND.namespaced() {
            namespace
        } else {
            ""
        };
        let key = (T::TYPED_KIND, namespace.to_owned(), index, value.to_owned());
        let mut names: BTreeSet<&str> = self
            .index
            .get(&key)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        if let Some(base) = &self.base {
            names.extend(
                base.index
                    .get(&key)
                    .into_iter()
                    .flatten()
                    .map(String::as_str),
            );
        }
        names
            .into_iter()
            .filter_map(|name| self.get(namespace, name))
            .collect()
    }

    /// The keys of everything that an object owns.
    #[must_use]
    pub fn owned_by(&self, owner: &ObjectKey) -> Vec<ObjectKey> {
        let identity = format!("{}/{}", owner.kind, owner.name);
        let mut keys = Vec::new();
        for kind in Kind::ALL {
            let slot = (
                *kind,
                owner.namespace.clone(),
                Index::Owner,
                identity.clone(),
            );
            let names = self.index.get(&slot).into_iter().flatten();
            keys.extend(names.map(|name| ObjectKey::new(*kind, &owner.namespace, name)));
        }
        keys
    }

    /// Every entry of this World, without its base, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        self.objects.iter()
    }

    /// Puts an entry in place of what had its key.
    pub fn put(&mut self, entry: Entry) {
        let key = entry.object.key();
        let new = indexed(&entry.object);
        if let Some(old) = self.objects.get(&key) {
            let old = indexed(&old.object);
            if old != new {
                self.unindex(&key, old);
                self.add_index(&key, new);
            }
        } else {
            self.add_index(&key, new);
        }
        self.objects.insert(key, entry);
    }

    /// Takes an object out.
    pub fn remove(&mut self, key: &ObjectKey) -> Option<Entry> {
        let entry = self.objects.remove(key)?;
        self.unindex(key, indexed(&entry.object));
        Some(entry)
    }

    /// The UID of an object: given, chosen where the applier makes the names that need it, else unknown.
    #[must_use]
    pub fn uid(&self, key: &ObjectKey) -> Uid {
        let metadata = self.object(key).map(Object::metadata);
        let given = metadata.and_then(|metadata| metadata.uid.clone());
        match given.filter(|uid| !uid.is_empty()) {
            Some(uid) => Uid::Given(uid),
            // Without AIM Engine nobody else makes the objects whose names hang on these UIDs (spec 8.2).
            None if self.facts.installed != Installed::AimEngine
                && key.kind.group() == aim::GROUP =>
            {
                Uid::chosen(&key.to_string())
            }
            None => Uid::Unknown,
        }
    }

    /// The events on an object, as its controllers left them after their last passes.
    pub fn events(&self, key: &ObjectKey) -> impl Iterator<Item = &Event> {
        let own = self.events.get(key);
        let base = self
            .base
            .as_ref()
            .filter(|_| own.is_none())
            .and_then(|base| base.events.get(key));
        own.or(base)
            .into_iter()
            .flat_map(BTreeMap::values)
            .flatten()
    }

    /// Puts a controller's events on an object in place of its earlier ones; whether that changed anything.
    pub fn set_events(&mut self, key: &ObjectKey, by: Creator, events: Vec<Event>) -> bool {
        if events.is_empty() && !self.events.contains_key(key) {
            return false;
        }
        let slot = self
            .events
            .entry(key.clone())
            .or_default()
            .entry(by)
            .or_default();
        let changed = *slot != events;
        *slot = events;
        changed
    }

    fn add_index(&mut self, key: &ObjectKey, values: Vec<(Index, String)>) {
        for (index, value) in values {
            let slot = (key.kind, key.namespace.clone(), index, value);
            self.index.entry(slot).or_default().insert(key.name.clone());
        }
    }

    fn unindex(&mut self, key: &ObjectKey, values: Vec<(Index, String)>) {
        for (index, value) in values {
            let slot = (key.kind, key.namespace.clone(), index, value);
            if let Some(names) = self.index.get_mut(&slot) {
                names.remove(&key.name);
            }
        }
    }
}

fn indexed(object: &Object) -> Vec<(Index, String)> {
    let mut values = Vec::new();
    match object {
        Object::AimModel(model) => values.extend(
            model
                .spec
                .as_ref()
                .map(|spec| (Index::ModelImage, spec.image.clone())),
        ),
        Object::AimClusterModel(model) => {
            values.extend(
                model
                    .spec
                    .as_ref()
                    .map(|spec| (Index::ModelImage, spec.image.clone())),
            );
        }
        Object::AimServiceTemplate(template) => {
            values.extend(
                template
                    .spec
                    .as_ref()
                    .map(|spec| (Index::TemplateModel, spec.model_name.clone())),
            );
        }
        Object::AimClusterServiceTemplate(template) => {
            values.extend(
                template
                    .spec
                    .as_ref()
                    .map(|spec| (Index::TemplateModel, spec.model_name.clone())),
            );
        }
        Object::AimTemplateCache(cache) => {
            values.extend(
                cache
                    .spec
                    .as_ref()
                    .map(|spec| (Index::CacheTemplate, spec.template_name.clone())),
            );
        }
        Object::AimArtifact(artifact) => {
            values.extend(
                artifact
                    .spec
                    .as_ref()
                    .map(|spec| (Index::ArtifactSource, spec.source_uri.clone())),
            );
        }
        _ => {}
    }
    for owner in object.metadata().owner_references.iter().flatten() {
        values.push((Index::Owner, format!("{}/{}", owner.kind, owner.name)));
    }
    values
}
