//! Server-side apply: who set which field, what merges, what is refused (Kubernetes 1.34, spec 2.12 and 2.16).

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::merge::{item_key, list_keys, merge};
use crate::controllers::Creator;
use crate::diag::{FieldPath, Refusal, RefusalCause};
use crate::inventory::{Entry, Kind, Object, ObjectKey, World};
use crate::rules;

/// The manager that a document's fields belong to. Its name depends on how the document was applied; this is that of
/// `kubectl create`.
const GIVER: &str = "kubectl-create";

/// Label that says which controller made an object.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Where `kubectl apply` keeps the document that it applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What the API server makes of a server-side apply by a controller, before admission.
///
/// The controller's fields are set, those that it set before and sets no longer go, all others stay.
///
/// # Errors
/// A list-map key twice in the applied object, or a conflict with a field that somebody else set to another value.
pub(super) fn server_side(
    object: &Object,
    world: &World,
    by: Creator,
) -> Result<Object, Box<Refusal>> {
    let config = Config::of(object);
    config.refuse_duplicates()?;
    let Some(entry) = world.entry(&object.key()) else {
        return Ok(object.clone());
    };
    let before = entry.managed.applied.get(&by);
    if before.is_some_and(|before| before.as_ref() == object) {
        return Ok(entry.object.as_ref().clone());
    }
    let others: Vec<(&str, Value)> = others(entry, by)
        .map(|(manager, object)| (manager, object.to_value()))
        .collect();
    let live = entry.object.to_value();
    config.refuse_conflicts(&live, &others)?;
    let before = before
        .or_else(|| dumped(entry).filter(|given| given.label(MANAGED_BY) == Some(manager(by))))
        .map(|before| before.to_value());
    let values: Vec<&Value> = others.iter().map(|(_, value)| value).collect();
    let merged = merge(Some(&live), before.as_ref(), Some(&config.value), &values);
    let merged = merged.and_then(|merged| Object::from_value(object.kind(), merged).ok());
    Ok(merged.unwrap_or_else(|| object.clone()))
}

/// What `kubectl apply` makes of a document over the stored object: fields that an earlier document had and this one
/// has not go, fields that others set stay.
pub(super) fn client_side(object: Object, entry: Option<&Entry>) -> Object {
    let Some(entry) = entry else {
        return object;
    };
    let mut live = entry.object.as_ref().clone();
    live.clear_status();
    let live = live.to_value();
    let before = entry
        .managed
        .given
        .as_deref()
        .and_then(|given| last_applied(given, dumped(entry).is_some()));
    let merged = merge(Some(&live), before.as_ref(), Some(&object.to_value()), &[]);
    merged
        .and_then(|merged| Object::from_value(object.kind(), merged).ok())
        .unwrap_or(object)
}

/// The document that was applied last, as far as a given object tells.
///
/// A manifest is itself. A dump of a live object (it has a UID) may hold it as an annotation. Where it does not, nothing
/// of what a controller took for its own is the user's; of everything else all but the metadata, to which controllers
/// add labels and annotations of theirs.
fn last_applied(given: &Object, taken: bool) -> Option<Value> {
    let metadata = given.metadata();
    if metadata.uid.is_none() {
        return Some(given.to_value());
    }
    let annotation = metadata
        .annotations
        .as_ref()
        .and_then(|annotations| annotations.get(LAST_APPLIED))
        .and_then(|text| serde_json::from_str(text).ok());
    annotation.or_else(|| {
        if taken {
            return None;
        }
        let mut value = given.to_value();
        if let Some(map) = value.as_object_mut() {
            map.remove("metadata");
        }
        drop_empty(&mut value);
        Some(value)
    })
}

/// Takes empty maps out: a controller that updates an object leaves `{}` for every struct of Go that is not set.
fn drop_empty(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(drop_empty);
            map.retain(|_, value| !value.as_object().is_some_and(serde_json::Map::is_empty));
        }
        Value::Array(items) => items.iter_mut().for_each(drop_empty),
        _ => {}
    }
}

/// Everybody but this controller who set fields of an object.
fn others(entry: &Entry, by: Creator) -> impl Iterator<Item = (&'static str, &Object)> {
    let given = entry
        .managed
        .given
        .as_deref()
        .filter(|_| dumped(entry).is_none())
        .map(|given| (GIVER, given));
    let applied = entry
        .managed
        .applied
        .iter()
        .filter(move |(creator, _)| **creator != by)
        .map(|(creator, object)| (manager(*creator), object.as_ref()));
    given.into_iter().chain(applied)
}

/// A dump does not tell who set which field. What AIM Engine labelled as its own is taken for its own, and for the work
/// of the controller that the label names.
fn dumped(entry: &Entry) -> Option<&Arc<Object>> {
    entry.managed.given.as_ref().filter(|given| {
        given.metadata().uid.is_some()
            && given
                .label(MANAGED_BY)
                .is_some_and(|manager| manager.starts_with("aim-"))
    })
}

fn manager(creator: Creator) -> &'static str {
    match creator {
        Creator::AimService => "aim-service-controller",
        Creator::AimModel => "aim-model-controller",
        Creator::AimClusterModel => "aim-cluster-model-controller",
        Creator::AimServiceTemplate => "aim-service-template-controller",
        Creator::AimClusterServiceTemplate => "aim-cluster-service-template-controller",
        Creator::AimTemplateCache => "aim-template-cache-controller",
        Creator::AimArtifact => "aim-artifact-controller",
        other => other.product(),
    }
}

/// The object that a controller applies.
struct Config {
    key: ObjectKey,
    value: Value,
}

impl Config {
    fn of(object: &Object) -> Self {
        let mut value = object.to_value();
        if let Some(map) = value.as_object_mut() {
            map.remove("status");
        }
        Self {
            key: object.key(),
            value,
        }
    }

    /// A typed value cannot hold two list items with one key.
    fn refuse_duplicates(&self) -> Result<(), Box<Refusal>> {
        // Paths are worked out only where there is something to say.
        if !has_duplicates(&self.value) {
            return Ok(());
        }
        let mut found = Vec::new();
        self.duplicates(&self.value, &mut Path::default(), &mut found);
        let Some((_, _, list)) = found.first() else {
            return Ok(());
        };
        let rule = match *list {
            "env" => &rules::M112,
            "volumeMounts" => &rules::K212,
            _ => &rules::A061,
        };
        let texts: Vec<&str> = found.iter().map(|(_, text, _)| text.as_str()).collect();
        let errors = match texts.as_slice() {
            [one] => (*one).to_owned(),
            many => format!("errors:\n  {}", many.join("\n  ")),
        };
        let kind = self.key.kind;
        let message = format!(
            "failed to create typed patch object ({}/{}; {}, Kind={kind}): {errors}",
            self.key.namespace,
            self.key.name,
            kind.api_version(),
        );
        let causes = found.into_iter().map(|(path, text, _)| RefusalCause {
            field: path.to_string(),
            reason: "FieldValueDuplicate",
            message: text,
        });
        let mut refusal = Refusal::new(rule, 500, "InternalError", message);
        refusal.causes = causes.collect();
        Err(Box::new(refusal))
    }

    fn duplicates(
        &self,
        value: &Value,
        path: &mut Path,
        found: &mut Vec<(FieldPath, String, &'static str)>,
    ) {
        match value {
            Value::Object(map) => {
                for (field, value) in map {
                    path.push_field(field);
                    if let (Some(keys), Value::Array(items)) = (list_keys(field), value) {
                        let list = list_name(field);
                        for (index, item) in items.iter().enumerate() {
                            let key = item_key(item, keys);
                            let same = |other: &Value| item_key(other, keys) == key;
                            let earlier =
                                items.iter().take(index).filter(|item| same(item)).count();
                            if earlier > 0 {
                                found.push((
                                    path.fields.index(index),
                                    format!(
                                        "{}: duplicate entries for key {}",
                                        path.text,
                                        key_text(item, keys)
                                    ),
                                    list,
                                ));
                            }
                        }
                    }
                    self.duplicates(value, path, found);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push_item(index, item, self.key.kind);
                    self.duplicates(item, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// A field that somebody else set cannot be given another value unless by force.
    fn refuse_conflicts(
        &self,
        live: &Value,
        others: &[(&'static str, Value)],
    ) -> Result<(), Box<Refusal>> {
        let mut conflicts: Vec<(&str, FieldPath, String)> = Vec::new();
        for (manager, theirs) in others {
            let mut paths = Vec::new();
            conflicting(live, &self.value, theirs, &mut Path::default(), &mut paths);
            conflicts.extend(paths.into_iter().map(|(path, text)| (*manager, path, text)));
        }
        if conflicts.is_empty() {
            return Ok(());
        }
        let version = self.key.kind.api_version();
        let message = match conflicts.as_slice() {
            [(manager, _, path)] => format!(
                "Apply failed with 1 conflict: conflict with \"{manager}\" using {version}: {path}"
            ),
            many => {
                let mut managers: Vec<&str> = many.iter().map(|(manager, ..)| *manager).collect();
                managers.sort_unstable();
                managers.dedup();
                let lists: Vec<String> = managers
                    .iter()
                    .map(|manager| {
                        let paths: Vec<String> = many
                            .iter()
                            .filter(|(other, ..)| other == manager)
                            .map(|(.., path)| format!("- {path}"))
                            .collect();
                        format!(
                            "conflicts with \"{manager}\" using {version}:\n{}",
                            paths.join("\n")
                        )
                    })
                    .collect();
                format!(
                    "Apply failed with {} conflicts: {}",
                    many.len(),
                    lists.join("\n")
                )
            }
        };
        let causes = conflicts
            .into_iter()
            .map(|(manager, path, _)| RefusalCause {
                field: path.to_string(),
                reason: "FieldManagerConflict",
                message: format!("conflict with \"{manager}\" using {version}"),
            });
        let mut refusal = Refusal::new(&rules::M140, 409, "Conflict", message);
        refusal.causes = causes.collect();
        Err(Box::new(refusal))
    }
}

/// Whether two items of a list somewhere have the same keys.
fn has_duplicates(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(field, value)| {
            let repeats = match (list_keys(field), value) {
                (Some(keys), Value::Array(items)) => {
                    let mut seen = HashSet::with_capacity(items.len());
                    !items.iter().all(|item| seen.insert(identity(item, keys)))
                }
                _ => false,
            };
            repeats || has_duplicates(value)
        }),
        Value::Array(items) => items.iter().any(has_duplicates),
        _ => false,
    }
}

/// The values of an item's keys. An absent key counts as null.
fn identity<'v>(item: &'v Value, keys: &[&str]) -> Vec<&'v Value> {
    let part = |key: &&str| item.get(*key).unwrap_or(&Value::Null);
    keys.iter().map(part).collect()
}

fn list_name(field: &str) -> &'static str {
    match field {
        "env" => "env",
        "volumeMounts" => "volumeMounts",
        _ => "ownerReferences",
    }
}

fn key_text(item: &Value, keys: &[&str]) -> String {
    let parts: Vec<String> = keys
        .iter()
        .filter_map(|key| Some(format!("{key}={}", item.get(key)?)))
        .collect();
    format!("[{}]", parts.join(","))
}

/// The fields of `config` that `theirs` has and whose live value differs.
fn conflicting(
    live: &Value,
    config: &Value,
    theirs: &Value,
    path: &mut Path,
    found: &mut Vec<(FieldPath, String)>,
) {
    let (Value::Object(wanted), Value::Object(owned)) = (config, theirs) else {
        if live != config {
            found.push((path.fields.clone(), path.text.clone()));
        }
        return;
    };
    for (field, wanted) in wanted {
        let (Some(owned), Some(live)) = (owned.get(field), live.get(field)) else {
            continue;
        };
        path.push_field(field);
        match list_keys(field) {
            None => conflicting(live, wanted, owned, path, found),
            Some(keys) => {
                let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
                let (live, owned) = (list(live), list(owned));
                for (index, item) in list(wanted).iter().enumerate() {
                    let key = item_key(item, keys);
                    let same = |other: &&Value| item_key(other, keys) == key;
                    let (Some(live), Some(owned)) =
                        (live.iter().find(same), owned.iter().find(same))
                    else {
                        continue;
                    };
                    path.push(path.fields.index(index), &key_text(item, keys));
                    conflicting(live, item, owned, path, found);
                    path.pop();
                }
            }
        }
        path.pop();
    }
}

/// A way into an object, for findings and as Kubernetes writes it.
#[derive(Default)]
struct Path {
    fields: FieldPath,
    text: String,
    lengths: Vec<usize>,
}

impl Path {
    fn push(&mut self, fields: FieldPath, text: &str) {
        self.lengths.push(self.text.len());
        self.text.push_str(text);
        self.fields = fields;
    }

    fn push_field(&mut self, field: &str) {
        self.push(self.fields.key(field), &format!(".{field}"));
    }

    /// Containers of the built-in kinds are told apart by name, those of CRDs by position.
    fn push_item(&mut self, index: usize, item: &Value, kind: Kind) {
        let by_name = !kind.group().contains('.') && self.text.ends_with(".containers");
        let text = if by_name {
            key_text(item, &["name"])
        } else {
            format!("[{index}]")
        };
        self.push(self.fields.index(index), &text);
    }

    fn pop(&mut self) {
        self.text.truncate(self.lengths.pop().unwrap_or_default());
        self.fields = self.fields.parent().unwrap_or_default();
    }
}

/// The controlling owner of an object.
pub(super) fn owner(object: &Object) -> Option<ObjectKey> {
    let owner = object
        .metadata()
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.controller == Some(true))?;
    let kind = Kind::of(&owner.api_version, &owner.kind)?;
    Some(ObjectKey::new(
        kind,
        object.metadata().namespace.as_deref().unwrap_or_default(),
        &owner.name,
    ))
}
