//! Documents to typed objects, through the API server's door.

use serde_json::Value;

use super::Given;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, Object, ObjectKey};
use crate::rules;
use crate::source::{Document, Sources};

/// What the documents of a run are.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The objects that the API server would store, in the order of the documents.
    pub given: Vec<Given>,
    /// What was refused at the door, and what it is worth to know.
    pub findings: Vec<Finding>,
    /// Documents of kinds that cannot concern the chain.
    pub passed_over: usize,
    /// AIMServices among the documents, refused ones included.
    pub services: usize,
}

/// Takes every document through the door; `namespace` is that of documents that name none.
#[must_use]
pub fn load(sources: &Sources, namespace: &str) -> Loaded {
    let mut loaded = Loaded::default();
    for document in &sources.documents {
        let facts = sources.file(document.file).is_some_and(|file| file.facts);
        load_one(document, namespace, facts, &mut loaded);
    }
    loaded
}

fn load_one(document: &Document, namespace: &str, fact: bool, loaded: &mut Loaded) {
    let text = |field: &str| {
        document
            .value
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let Some(kind) = Kind::of(text("apiVersion"), text("kind")) else {
        loaded.passed_over += 1;
        return;
    };
    loaded.services += usize::from(kind == Kind::AimService && !fact);
    let mut value = document.value.clone();
    if kind.namespaced()
        && let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata
            .entry("namespace")
            .or_insert_with(|| Value::String(namespace.to_owned()));
    }
    match Object::from_value(kind, value) {
        Ok(object) => loaded.given.push(Given {
            document: document.id,
            object,
            fact,
        }),
        Err(error) => {
            let mut place = Place::document(document.id, FieldPath::root());
            place.object = Some(key(kind, namespace, &document.value));
            let finding = Finding::new(
                &rules::S008,
                place,
                format!("no controller can read it: {error}"),
            );
            loaded.findings.push(finding);
        }
    }
}

fn key(kind: Kind, namespace: &str, value: &Value) -> ObjectKey {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    ObjectKey::new(
        kind,
        text("/metadata/namespace").unwrap_or(namespace),
        text("/metadata/name").unwrap_or_default(),
    )
}
