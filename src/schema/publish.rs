//! The schemas that others use: editors, kubeconform, `aimctl schema`, `aimctl explain`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value, json};

use super::{Schema, generate, registry};
use crate::api::aim;
use crate::diag::FieldPath;
use crate::inventory::Kind;

/// For whom a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// An editor with a YAML language server: completion, hover, errors.
    Editor,
    /// kubeconform and its like: null is allowed wherever the API server drops it.
    Kubeconform,
}

/// The kinds that have a schema to publish.
pub fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL
        .iter()
        .copied()
        .filter(|kind| *kind == Kind::InferenceService || registry::of(*kind).is_some())
}

/// Where the schema of a kind is kept below `schemas/`: the name that kubeconform makes of
/// `{{.ResourceKind}}.{{.ResourceAPIVersion}}.json`.
#[must_use]
pub fn file_name(kind: Kind) -> String {
    format!("{}.{}.json", kind.as_str().to_lowercase(), kind.version())
}

/// The schema that documents of a kind are checked by, with the documentation of our types on its fields.
///
/// Of an InferenceService only what AIM Engine sets and KServe reads is known.
#[must_use]
pub fn documented(kind: Kind) -> Option<Value> {
    let own = generate::of(kind)?;
    if kind == Kind::InferenceService || kind.group() == aim::GROUP {
        return Some(own);
    }
    let mut schema = registry::of(kind)?.source().clone();
    describe(&mut schema, &own);
    Some(schema)
}

/// The documentation of a field of an AIM kind. The kind's documentation is put together when first asked for.
#[must_use]
pub fn documentation(kind: Kind, path: &FieldPath) -> Option<&'static str> {
    static MADE: Mutex<BTreeMap<Kind, &'static Schema>> = Mutex::new(BTreeMap::new());
    if kind.group() != aim::GROUP {
        return None;
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = match made.entry(kind) {
        Entry::Occupied(schema) => *schema.get(),
        Entry::Vacant(free) => {
            let schema = Schema::compile(documented(kind)?);
            *free.insert(Box::leak(Box::new(schema)))
        }
    };
    schema.at(path)?.get("description")?.as_str()
}

/// The schema of an AIM kind as the program holds it (`src/schema/crds`, named by the kind's plural): made from the types,
/// without documentation.
#[must_use]
pub fn embedded(kind: Kind) -> Option<Value> {
    let mut schema = generate::of(kind).filter(|_| kind.group() == aim::GROUP)?;
    forget_documentation(&mut schema);
    Some(schema)
}

fn forget_documentation(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    for key in ["description", "enumDescriptions", "title", "examples"] {
        map.remove(key);
    }
    children(map).for_each(forget_documentation);
}

/// Puts descriptions in where there are none.
fn describe(schema: &mut Value, documented: &Value) {
    let Value::Object(map) = schema else { return };
    for key in ["description", "enumDescriptions"] {
        if let Some(text) = documented.get(key) {
            map.entry(key).or_insert_with(|| text.clone());
        }
    }
    for key in ["items", "additionalProperties"] {
        if let (Some(child), Some(documented)) = (map.get_mut(key), documented.get(key)) {
            describe(child, documented);
        }
    }
    let properties = map.get_mut("properties").and_then(Value::as_object_mut);
    for (name, child) in properties.into_iter().flatten() {
        if let Some(documented) = documented
            .get("properties")
            .and_then(|properties| properties.get(name))
        {
            describe(child, documented);
        }
    }
}

/// The schema of a kind in JSON Schema 2020-12, closed against unknown fields.
#[must_use]
pub fn published(kind: Kind, flavour: Flavour) -> Option<Value> {
    let mut schema = documented(kind)?;
    let map = schema.as_object_mut()?;
    map.insert(
        "required".to_owned(),
        json!(["apiVersion", "kind", "metadata"]),
    );
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.insert(
            "apiVersion".to_owned(),
            json!({"type": "string", "enum": [kind.api_version()]}),
        );
        properties.insert(
            "kind".to_owned(),
            json!({"type": "string", "enum": [kind.as_str()]}),
        );
        properties.insert("metadata".to_owned(), metadata());
    }
    if kind != Kind::InferenceService {
        close(&mut schema);
    }
    if flavour == Flavour::Kubeconform {
        allow_null(&mut schema);
    }
    let map = schema.as_object_mut()?;
    map.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    map.insert(
        "title".to_owned(),
        json!(format!("{kind} ({})", kind.api_version())),
    );
    Some(schema)
}

fn metadata() -> Value {
    let mut schema = generate::part::<ObjectMeta>(&mut generate::generator());
    if let Some(map) = schema.as_object_mut() {
        let description =
            "Name, namespace, labels, annotations. A name is needed, or a generateName.";
        map.insert("description".to_owned(), json!(description));
        map.insert(
            "anyOf".to_owned(),
            json!([{"required": ["name"]}, {"required": ["generateName"]}]),
        );
    }
    schema
}

fn children(map: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    map.iter_mut().flat_map(|(key, value)| -> Vec<&mut Value> {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().collect(),
            ("items" | "additionalProperties", value) => vec![value],
            _ => Vec::new(),
        }
    })
}

/// Nothing but the known fields.
fn close(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    let open = map.get("x-kubernetes-preserve-unknown-fields").is_some();
    if map.contains_key("properties") && !map.contains_key("additionalProperties") && !open {
        map.insert("additionalProperties".to_owned(), json!(false));
    }
    children(map).for_each(close);
}

/// Null wherever a field may be missing.
fn allow_null(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    children(map).for_each(allow_null);
    let required = map
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (name, child) in properties.iter_mut() {
            if !required.iter().any(|field| field == name) {
                or_null(child);
            }
        }
    }
    if let Some(values @ Value::Object(_)) = map.get_mut("additionalProperties") {
        or_null(values);
    }
}

fn or_null(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(name @ Value::String(_)) = map.get_mut("type") {
        *name = json!([name.clone(), "null"]);
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.push(Value::Null);
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        branches.push(json!({"type": "null"}));
    }
    if let Some(Value::Array(branches)) = map.get_mut("allOf") {
        branches.iter_mut().for_each(or_null);
    }
}
