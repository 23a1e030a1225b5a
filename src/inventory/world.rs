//! Every object known to a run.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::facts::{Facts, Installed};
use super::key::{Kind, ObjectKey};
use super::object::{Object, Typed};
use super::reads::{Reads, Seen};
use crate::api::aim;
use crate::controllers::{Creator, Event, keda};
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
    /// ScaledObjects and HorizontalPodAutoscalers by the name of what they scale.
    ScaleTarget,
    /// ScaledObjects by the name of their HorizontalPodAutoscaler.
    ScalerName,
    /// Pods by the InferenceService that they serve.
    ServedBy,
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
    reads: Reads,
}

/// The UID that is chosen for an object, kept beside it: it is a hash, and everybody asks for it.
struct Chosen(Uid);

/// A place of the World, as far as reads and changes of it are told apart.
#[derive(Hash)]
enum Spot<'a> {
    Entry(&'a ObjectKey),
    Events(&'a ObjectKey),
    Kind(Kind),
    Namespace(Kind, &'a str),
    Slot(&'a IndexKey),
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
            reads: Reads::default(),
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
            reads: Reads::default(),
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
        self.reads.read(Spot::Entry(key));
        self.objects
            .get(key)
            .or_else(|| self.base.as_ref()?.objects.get(key))
    }

    /// Whether an object is of the World below, and none of this one has its key.
    #[must_use]
    pub fn is_below(&self, key: &ObjectKey) -> bool {
        let below = self.base.as_ref();
        below.is_some_and(|base| base.objects.contains_key(key) && !self.objects.contains_key(key))
    }

    /// Whether something of this World has the key of something in the World below.
    #[must_use]
    pub fn hides_base(&self) -> bool {
        let below = self.base.as_ref();
        below.is_some_and(|base| {
            self.objects
                .keys()
                .any(|key| base.objects.contains_key(key))
        })
    }

    /// This World and what lies over it as one; `None` when something over it has the key of something in it.
    #[must_use]
    pub fn with(mut self, over: impl IntoIterator<Item = Self>) -> Option<Self> {
        for part in over {
            for (key, entry) in part.objects {
                if self.objects.insert(key, entry).is_some() {
                    return None;
                }
            }
            for (slot, names) in part.index {
                self.index.entry(slot).or_default().extend(names);
            }
            self.events.extend(part.events);
        }
        Some(self)
    }

    /// The World without the record of who looked at what.
    #[must_use]
    pub fn at_rest(self) -> Self {
        Self {
            base: None,
            ..self.unseen()
        }
    }

    /// Forgets what the passes saw, so that each is made once more: whoever looks at a World anew wants to hear again
    /// what its controllers say.
    #[must_use]
    pub fn unseen(mut self) -> Self {
        self.reads = Reads::default();
        self
    }

    /// Begins to note what is read, for [`Self::seen`].
    #[must_use]
    pub fn watch(&self) -> u64 {
        self.reads.watch()
    }

    /// What was read since [`Self::watch`], which gave `since`.
    #[must_use]
    pub fn seen(&self, since: u64) -> Seen {
        self.reads.seen(since)
    }

    /// What `make` works out from an object and from nothing else of the World, facts aside; once for as long as the
    /// object stays as it is.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        key: &ObjectKey,
        make: impl FnOnce() -> T,
    ) -> Arc<T> {
        self.reads.read(Spot::Entry(key));
        self.reads.derived(key, Spot::Entry(key), make)
    }

    /// Keeps what the last pass over an object saw.
    pub fn remember(&mut self, key: &ObjectKey, seen: Seen) {
        self.reads.remember(key, seen);
    }

    /// The objects of a kind whose last pass looked at this one.
    #[must_use]
    pub fn readers(&self, read: &ObjectKey, kind: Kind) -> Vec<ObjectKey> {
        self.reads
            .readers(Spot::Entry(read))
            .filter(|reader| reader.kind == kind)
            .cloned()
            .collect()
    }

    /// Whether nothing changed of what the last pass over an object saw.
    #[must_use]
    pub fn rests(&self, key: &ObjectKey) -> bool {
        self.reads.rests(key)
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
        self.reads.read(Spot::Namespace(kind, &namespace));
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
        self.reads.read(Spot::Kind(kind));
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
        self.reads.read(Spot::Slot(&key));
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
            self.reads.read(Spot::Slot(&slot));
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
            if *old == entry {
                return;
            }
            let old = indexed(&old.object);
            if old != new {
                self.unindex(&key, old);
                self.add_index(&key, new);
            }
        } else {
            self.add_index(&key, new);
        }
        self.touched(&key);
        self.objects.insert(key, entry);
    }

    fn touched(&mut self, key: &ObjectKey) {
        self.reads.change(Spot::Entry(key));
        self.reads.change(Spot::Namespace(key.kind, &key.namespace));
        self.reads.change(Spot::Kind(key.kind));
    }

    /// Takes an object out.
    pub fn remove(&mut self, key: &ObjectKey) -> Option<Entry> {
        let entry = self.objects.remove(key)?;
        self.unindex(key, indexed(&entry.object));
        self.touched(key);
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
                let chosen = || Chosen(Uid::chosen(&key.to_string()));
                self.derived(key, chosen).0.clone()
            }
            None => Uid::Unknown,
        }
    }

    /// The events on an object, as its controllers left them after their last passes.
    pub fn events(&self, key: &ObjectKey) -> impl Iterator<Item = &Event> {
        self.reads.read(Spot::Events(key));
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
        if changed {
            self.reads.change(Spot::Events(key));
        }
        changed
    }

    fn add_index(&mut self, key: &ObjectKey, values: Vec<(Index, String)>) {
        for (index, value) in values {
            let slot = (key.kind, key.namespace.clone(), index, value);
            self.reads.change(Spot::Slot(&slot));
            self.index.entry(slot).or_default().insert(key.name.clone());
        }
    }

    fn unindex(&mut self, key: &ObjectKey, values: Vec<(Index, String)>) {
        for (index, value) in values {
            let slot = (key.kind, key.namespace.clone(), index, value);
            self.reads.change(Spot::Slot(&slot));
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
        Object::ScaledObject(scaled) => {
            values.extend(
                scaled
                    .spec
                    .as_ref()
                    .map(|spec| (Index::ScaleTarget, spec.scale_target_ref.name.clone())),
            );
            values.push((Index::ScalerName, keda::checks::hpa_name(scaled)));
        }
        Object::HorizontalPodAutoscaler(scaler) => {
            values.extend(
                scaler
                    .spec
                    .as_ref()
                    .map(|spec| (Index::ScaleTarget, spec.scale_target_ref.name.clone())),
            );
        }
        Object::Pod(_) => {
            values.extend(
                object
                    .label("serving.kserve.io/inferenceservice")
                    .map(|name| (Index::ServedBy, name.to_owned())),
            );
        }
        _ => {}
    }
    for owner in object.metadata().owner_references.iter().flatten() {
        values.push((Index::Owner, format!("{}/{}", owner.kind, owner.name)));
    }
    values
}
