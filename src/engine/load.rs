//! Documents to typed objects, through the API server's door.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::Given;
use crate::admission::apiserver::{self, Gvk, Request, kind_of};
use crate::admission::otel;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, Object, ObjectKey};
use crate::rules;
use crate::schema;
use crate::source::{DocumentId, Sources};

/// What the documents of a run are.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The objects that the API server would store, in the order of the documents.
    pub given: Vec<Given>,
    /// What was refused at the door, and what is worth knowing.
    pub findings: Vec<Finding>,
    /// Documents of kinds that cannot concern the chain.
    pub passed_over: usize,
    /// AIMServices among the documents, refused ones included.
    pub services: usize,
}

/// Takes the values of all documents out of the sources and through the door; `namespace` is that of documents that
/// name none.
#[must_use]
pub fn load(sources: &mut Sources, namespace: &str) -> Loaded {
    load_over(sources, namespace, &[])
}

/// The same where objects are stored already: documents of theirs are updates.
#[must_use]
pub fn load_over(sources: &mut Sources, namespace: &str, stored: &[Given]) -> Loaded {
    let stored: BTreeMap<ObjectKey, &Object> = stored
        .iter()
        .map(|given| (given.object.key(), &given.object))
        .collect();
    let mut loaded = Loaded::default();
    let files: Vec<(String, bool)> = sources
        .files
        .iter()
        .map(|file| (file.name.clone(), file.facts))
        .collect();
    for document in &mut sources.documents {
        let (file, fact) = files
            .get(document.file.0)
            .map_or(("", false), |(name, facts)| (name.as_str(), *facts));
        let value = otel::upgrade(std::mem::take(&mut document.value));
        match kind_of(&value, file) {
            Gvk::Known(kind) => {
                let request = Request {
                    document: document.id,
                    kind,
                    namespace,
                };
                loaded.take(request, value, fact, &stored);
            }
            Gvk::PassedOver => loaded.passed_over += 1,
            Gvk::Refused(mistake) => loaded.findings.push(mistake.finding(document.id)),
        }
    }
    let twice = given_twice(&loaded.given);
    loaded.findings.extend(twice);
    loaded
}

/// Documents that are applied over an earlier one. Facts may repeat what is given: they are the same object, seen live.
fn given_twice(given: &[Given]) -> Vec<Finding> {
    let name = || FieldPath::root().key("metadata").key("name");
    let mut first: BTreeMap<ObjectKey, DocumentId> = BTreeMap::new();
    let mut findings = Vec::new();
    for given in given.iter().filter(|given| !given.fact) {
        match first.entry(given.object.key()) {
            Entry::Vacant(free) => {
                free.insert(given.document);
            }
            Entry::Occupied(taken) => findings.push(
                Finding::new(
                    &rules::L508,
                    Place::document(given.document, name()),
                    format!(
                        "{} is described by an earlier document already",
                        taken.key()
                    ),
                )
                .label("and once more here")
                .related(Place::document(*taken.get(), name()), "described here")
                .consequence("kubectl applies both, one after the other: only the last one stays")
                .help("leave one out, or give it another name"),
            ),
        }
    }
    findings
}

impl Loaded {
    fn take(
        &mut self,
        request: Request<'_>,
        value: Value,
        fact: bool,
        stored: &BTreeMap<ObjectKey, &Object>,
    ) {
        let Request { document, kind, .. } = request;
        self.services += usize::from(kind == Kind::AimService && !fact);
        let old = if stored.is_empty() {
            None
        } else {
            stored.get(&apiserver::key_of(request, &value))
        };
        let verdict = match old {
            None => apiserver::create(request, value),
            Some(old) => apiserver::update(request, value, &old.to_value()),
        };
        let told = verdict
            .findings
            .iter()
            .any(|finding| std::ptr::eq(finding.rule, &rules::S008));
        self.findings.extend(verdict.findings);
        let Ok(mut stored) = verdict.outcome else {
            // A refused change leaves everything as it was.
            self.given.extend(old.map(|old| Given {
                document,
                object: (*old).clone(),
                fact,
            }));
            return;
        };
        if let (Some(status), Some(map)) = (verdict.status, stored.as_object_mut()) {
            map.insert("status".to_owned(), status);
        }
        match Object::from_value(kind, stored.clone()) {
            Ok(object) => self.given.push(Given {
                document,
                object,
                fact,
            }),
            Err(_) if told => {}
            Err(error) => self
                .findings
                .push(undecodable(document, verdict.key, &stored, &error)),
        }
    }
}

/// What passed the door and still has not the shape that controllers read: for want of a schema here, of a kind that the
/// API server itself decodes.
fn undecodable(
    document: DocumentId,
    key: ObjectKey,
    value: &Value,
    error: &serde_json::Error,
) -> Finding {
    let kind = key.kind;
    let mut place = Place::document(document, culprit(kind, value, &error.to_string()));
    place.object = Some(key);
    let path = if place.path.0.is_empty() {
        kind.to_string()
    } else {
        place.path.to_string()
    };
    if schema::of(kind).is_some() {
        return Finding::new(
            &rules::S008,
            place,
            format!("no controller can read it: {error}"),
        );
    }
    Finding::new(&rules::S001, place, format!("{path}: {error}"))
        .consequence(format!(
            "the API server cannot read the {kind}, and refuses it"
        ))
        .help("give the field the type that is expected")
}

/// The field that cannot be decoded: the one without which the error is another, or none.
fn culprit(kind: Kind, value: &Value, error: &str) -> FieldPath {
    fn leaves(value: &Value, path: &FieldPath, found: &mut Vec<FieldPath>) {
        match value {
            Value::Object(map) => map
                .iter()
                .for_each(|(key, value)| leaves(value, &path.key(key), found)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| leaves(item, &path.index(index), found)),
            _ => {}
        }
        if !path.0.is_empty() {
            found.push(path.clone());
        }
    }
    let mut paths = Vec::new();
    leaves(value, &FieldPath::root(), &mut paths);
    let mends = |path: &FieldPath| {
        let mut without = value.clone();
        if let Some(field) = without.pointer_mut(&path.pointer()) {
            *field = Value::Null;
        }
        Object::from_value(kind, without).map_or_else(|other| other.to_string() != error, |_| true)
    };
    paths.into_iter().find(mends).unwrap_or_default()
}
