//! What every object's metadata must be (Kubernetes 1.34.4, `ValidateObjectMeta`; spec 6.2, rule A060).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use serde_json::{Value, json};

use super::names;
use crate::diag::field::{FieldError, go_quote};
use crate::diag::{FieldPath, Target};
use crate::rules::A060;

/// Kubernetes' limit for all keys and values of an object's annotations together, in bytes.
pub const MAX_ANNOTATIONS: usize = 256 * 1024;

/// What a kind's names may look like; one of the functions of [`names`].
pub type NameRule = fn(&str) -> Vec<String>;

/// The errors of an object's metadata; `path` is where it stands (`metadata`).
///
/// The namespace is not looked at: one that does not exist is refused before the object is.
#[must_use]
pub fn validate(meta: &ObjectMeta, name_rule: NameRule, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let name = meta.name.as_deref().unwrap_or_default();
    let prefix = meta.generate_name.as_deref().unwrap_or_default();
    if !prefix.is_empty() {
        let at = path.key("generateName");
        let complaints = name_rule(&masked(prefix));
        errors.extend(
            complaints
                .iter()
                .map(|text| FieldError::invalid_text(&A060, &at, prefix, text)),
        );
    }
    let at = path.key("name");
    if !name.is_empty() {
        errors.extend(
            name_rule(name)
                .iter()
                .map(|text| FieldError::invalid_text(&A060, &at, name, text)),
        );
    } else if prefix.is_empty() {
        errors.push(FieldError::required(
            &A060,
            &at,
            "name or generateName is required",
        ));
    } else {
        // The API server appends five characters of its own, which are always fine.
        let generated = format!("{prefix}xxxxx");
        errors.extend(
            name_rule(&generated)
                .iter()
                .map(|text| FieldError::invalid_text(&A060, &at, &generated, text)),
        );
    }
    if let Some(set) = &meta.labels {
        errors.extend(labels(set, &path.key("labels")));
    }
    if let Some(set) = &meta.annotations {
        errors.extend(annotations(set, &path.key("annotations")));
    }
    errors.extend(owners(
        meta.owner_references.as_deref().unwrap_or_default(),
        &path.key("ownerReferences"),
    ));
    errors.extend(finalizers(
        meta.finalizers.as_deref().unwrap_or_default(),
        &path.key("finalizers"),
    ));
    errors
}

/// A name prefix that ends with a dash is judged as if a letter stood there.
fn masked(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let mut rest = rest.to_owned();
            rest.pop();
            rest.push('a');
            rest
        }
        _ => prefix.to_owned(),
    }
}

/// The errors of a set of labels; each names the whole set as its field, as Kubernetes does.
#[must_use]
pub fn labels<'a>(
    set: impl IntoIterator<Item = (&'a String, &'a String)>,
    path: &FieldPath,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (key, value) in set {
        errors.extend(entry(
            path,
            key,
            Target::Key,
            key,
            &names::qualified_name(key),
        ));
        errors.extend(entry(
            path,
            key,
            Target::Value,
            value,
            &names::label_value(value),
        ));
    }
    errors
}

/// The errors of a set of annotations: their keys (in any case), their size.
#[must_use]
pub fn annotations<'a>(
    set: impl IntoIterator<Item = (&'a String, &'a String)>,
    path: &FieldPath,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut size = 0;
    for (key, value) in set {
        size += key.len() + value.len();
        errors.extend(entry(
            path,
            key,
            Target::Key,
            key,
            &names::qualified_name(&key.to_lowercase()),
        ));
    }
    if size > MAX_ANNOTATIONS {
        errors.push(FieldError::too_long(&A060, path, MAX_ANNOTATIONS as u64));
    }
    errors
}

/// Complaints about one entry of a set: the field is the set, the place is the entry.
fn entry<'a>(
    set: &'a FieldPath,
    key: &'a str,
    target: Target,
    text: &'a str,
    complaints: &'a [String],
) -> impl Iterator<Item = FieldError> + use<'a> {
    complaints.iter().map(move |complaint| {
        let mut error = FieldError::invalid_text(&A060, set, text, complaint).target(target);
        error.path = set.key(key);
        error
    })
}

fn finalizers(list: &[String], path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, finalizer) in list.iter().enumerate() {
        for complaint in names::qualified_name(finalizer) {
            let mut error = FieldError::invalid_text(&A060, path, finalizer, &complaint);
            error.path = path.index(index);
            errors.push(error);
        }
    }
    let has = |name: &str| list.iter().any(|finalizer| finalizer == name);
    if has("orphan") && has("foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.push(FieldError::invalid(&A060, path, &json!(list), detail));
    }
    errors
}

fn owners(list: &[OwnerReference], path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut controller: Option<String> = None;
    for (index, owner) in list.iter().enumerate() {
        let place = path.index(index);
        let parts = owner.api_version.split('/').count();
        let without_version = owner.api_version.is_empty() || owner.api_version == "/" || parts > 2;
        let checks = [
            (
                "apiVersion",
                &owner.api_version,
                without_version,
                "version must not be empty",
            ),
            (
                "kind",
                &owner.kind,
                owner.kind.is_empty(),
                "must not be empty",
            ),
            (
                "name",
                &owner.name,
                owner.name.is_empty(),
                "must not be empty",
            ),
            ("uid", &owner.uid, owner.uid.is_empty(), "must not be empty"),
        ];
        for (key, value, bad, detail) in checks {
            if bad {
                // Kubernetes leaves the index out of these fields.
                let mut error = FieldError::invalid_text(&A060, &path.key(key), value, detail);
                error.path = place.key(key);
                errors.push(error);
            }
        }
        if owner.api_version == "v1" && owner.kind == "Event" {
            let detail = "/v1, Kind=Event is disallowed from being an owner";
            errors.push(about_owner(path, &place, &owner_json(owner), detail));
        }
        if owner.controller == Some(true) {
            let this = format!("{}/{}", owner.kind, owner.name);
            if let Some(first) = &controller {
                let all: Vec<String> = list.iter().map(owner_json).collect();
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {this}"
                );
                errors.push(about_owner(
                    path,
                    &place,
                    &format!("[{}]", all.join(",")),
                    &detail,
                ));
            } else {
                controller = Some(this);
            }
        }
    }
    errors
}

fn about_owner(path: &FieldPath, place: &FieldPath, value: &str, detail: &str) -> FieldError {
    let mut error = FieldError::invalid(&A060, path, &Value::Null, detail);
    error.message = format!("Invalid value: {value}: {detail}");
    error.path = place.clone();
    error
}

/// An owner reference as Go prints it: in the order of its struct.
fn owner_json(owner: &OwnerReference) -> String {
    let mut out = format!(
        r#"{{"apiVersion":{},"kind":{},"name":{},"uid":{}"#,
        go_quote(&owner.api_version),
        go_quote(&owner.kind),
        go_quote(&owner.name),
        go_quote(&owner.uid)
    );
    for (key, flag) in [
        ("controller", owner.controller),
        ("blockOwnerDeletion", owner.block_owner_deletion),
    ] {
        if let Some(flag) = flag {
            out.push_str(&format!(r#","{key}":{flag}"#));
        }
    }
    out.push('}');
    out
}
