//! The API server's door for custom resources: exactly what kube-apiserver 1.34.4 says to a create or an update
//! (spec 6.2 to 6.5).
//!
//! The order of the checks is its own: unknown fields and metadata of a wrong type end it with a 400; then metadata,
//! schema, list keys and CEL rules add up to one 422.

mod decode;
mod finding;
mod gvk;
mod surprise;
mod timeout;
mod undecodable;

use serde_json::{Map, Value};

pub use gvk::{Gvk, Mistake, of as kind_of};

use super::{metadata, names, otel, structure};
use crate::diag::field::{self, FieldError, go_quote};
use crate::diag::{FieldPath, Finding, Place, Reason, Refusal};
use crate::inventory::{Kind, ObjectKey};
use crate::rules::{A060, A061, S001, S006};
use crate::schema::{self, Schema, transition};
use crate::source::DocumentId;

/// What the door needs to know about a document beside its value.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The document, for the places of findings.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The namespace of documents that name none.
    pub namespace: &'a str,
}

/// What the API server makes of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The object's identity, as far as it has one.
    pub key: ObjectKey,
    /// The object as stored: pruned, with defaults, without status; or the refusal.
    pub outcome: Result<Value, Box<Refusal>>,
    /// The status that the document holds, as far as it fits the schema. A create drops it; in the dump of a cluster it
    /// is what the controllers know.
    pub status: Option<Value>,
    /// One for each cause of the refusal; for an accepted object what nobody can have meant.
    pub findings: Vec<Finding>,
}

/// What the API server says to the creation of a document.
///
/// Kinds without a schema here ([`schema::of`]) are judged by their metadata alone.
#[must_use]
pub fn create(request: Request<'_>, document: Value) -> Verdict {
    let mut door = Door::new(request, document);
    let errors = match door.open() {
        Ok(errors) => errors,
        Err(verdict) => return *verdict,
    };
    door.close(errors, None)
}

/// What the API server says to an update: `old` is the object that is stored.
#[must_use]
pub fn update(request: Request<'_>, document: Value, old: &Value) -> Verdict {
    let mut door = Door::new(request, document);
    let mut errors = match door.open() {
        Ok(errors) => errors,
        Err(verdict) => return *verdict,
    };
    let mut old = old.clone();
    if let Some(refused) = door.changed_uid(&old) {
        return refused;
    }
    if let Some(schema) = door.schema {
        let before = schema.complete(&mut old, true);
        if !before.duplicates.is_empty() || !before.no_maps.is_empty() {
            errors.lists.clear();
        }
        let new = &door.document;
        let touched = |error: &FieldError| !transition::unchanged(schema, &error.path, new, &old);
        errors.schema.retain(touched);
        errors.rules.retain(touched);
        let transitions = transition::broken(schema, new, &old);
        errors
            .rules
            .extend(transitions.iter().map(schema::cel::Broken::error));
    }
    door.close(errors, Some(&old))
}

/// The errors of a document by phase.
#[derive(Default)]
struct Errors {
    metadata: Vec<FieldError>,
    schema: Vec<FieldError>,
    lists: Vec<FieldError>,
    rules: Vec<FieldError>,
}

struct Door<'a> {
    request: Request<'a>,
    schema: Option<&'static Schema>,
    document: Value,
    key: ObjectKey,
    status: Option<Value>,
    /// What the walk noticed of an object that may yet be accepted.
    remarks: Vec<Finding>,
}

impl<'a> Door<'a> {
    fn new(request: Request<'a>, document: Value) -> Self {
        Self {
            schema: schema::of(request.kind),
            key: key_of(request, &document),
            request,
            document,
            status: None,
            remarks: Vec::new(),
        }
    }

    fn place(&self, path: FieldPath) -> Place {
        let mut place = Place::document(self.request.document, path);
        place.object = Some(self.key.clone());
        place
    }

    /// Everything up to the CEL rules that look at one object alone.
    fn open(&mut self) -> Result<Errors, Box<Verdict>> {
        let decoded = decode::metadata(&mut self.document);
        let status = self.take_status();
        let mut completed = self.complete();
        let mut unknown = decoded.unknown;
        unknown.append(&mut completed.unknown);
        unknown.extend(status);
        if decoded.error.is_some() || !unknown.is_empty() {
            return Err(Box::new(self.bad_request(decoded.error.as_ref(), &unknown)));
        }
        self.settle_namespace()?;
        if self.request.kind == Kind::OpenTelemetryCollector {
            // Its defaulting webhook comes before the schema (spec 5.1).
            self.document = otel::through_webhook(std::mem::take(&mut self.document))
                .map_err(|refusal| Box::new(self.denied(*refusal)))?;
            completed = self.complete();
        }
        let mut errors = Errors::default();
        let path = FieldPath::root().key("metadata");
        match self
            .document
            .get("metadata")
            .cloned()
            .map(serde_json::from_value)
        {
            Some(Ok(meta)) => {
                errors.metadata = metadata::validate(&meta, names::dns1123_subdomain, &path)
            }
            // Only a field that the decoder above lets pass and Rust's does not (a year beyond 9999) comes here.
            Some(Err(error)) => errors.metadata.push(FieldError::invalid(
                &A060,
                &path,
                &Value::Null,
                &error.to_string(),
            )),
            None => {}
        }
        if let Some(schema) = self.schema {
            if completed.invalid {
                errors.schema = structure::errors(self.request.kind, schema, &self.document);
            }
            let not_a_map = "must be an object for an array of list-type map";
            errors.lists.extend(
                completed
                    .no_maps
                    .iter()
                    .map(|(path, value)| FieldError::invalid(&S001, path, value, not_a_map)),
            );
            errors.lists.extend(
                completed
                    .duplicates
                    .iter()
                    .map(|(path, value)| FieldError::duplicate(&A061, path, value)),
            );
            errors
                .rules
                .extend(completed.broken.iter().map(schema::cel::Broken::error));
        }
        for (path, why) in completed.undecodable {
            let value = self.document.pointer(&path.pointer());
            let remark = undecodable::finding(self.place(path), why, value);
            self.remarks.push(remark);
        }
        for path in decoded.emptied {
            let remark = surprise::null_became_empty(self.place(path));
            self.remarks.push(remark);
        }
        Ok(errors)
    }

    /// Drops nulls, fills defaults, and judges.
    fn complete(&mut self) -> schema::structural::Completed {
        self.schema
            .map(|schema| schema.complete(&mut self.document, false))
            .unwrap_or_default()
    }

    /// A webhook said no.
    fn denied(&self, refusal: Refusal) -> Verdict {
        let path = refusal
            .causes
            .first()
            .map_or_else(FieldPath::root, |cause| FieldPath::parse(&cause.field));
        let finding = Finding::new(refusal.rule, self.place(path), refusal.rule.title)
            .refusal(refusal.message.clone());
        self.refused(refusal, vec![finding])
    }

    /// A create drops the status: only its unknown fields are looked at.
    fn take_status(&mut self) -> Vec<FieldPath> {
        let status = self
            .document
            .as_object_mut()
            .and_then(|map| map.remove("status"));
        let Some(mut status) = status else {
            return Vec::new();
        };
        let Some(schema) = self.schema else {
            self.status = Some(status).filter(|status| !status.is_null());
            return Vec::new();
        };
        let completed = schema.complete_field("status", &mut status, false);
        if !completed.invalid && !status.is_null() {
            self.status = Some(status);
        }
        completed.unknown
    }

    fn bad_request(&self, error: Option<&decode::DecodeError>, unknown: &[FieldPath]) -> Verdict {
        let fields: Vec<String> = unknown
            .iter()
            .map(|path| format!("unknown field {}", go_quote(&field::dotted(path))))
            .collect();
        let (rule, what) = match error {
            Some(error) => (&S001, error.text.clone()),
            None => (
                &S006,
                format!("strict decoding error: {}", fields.join(", ")),
            ),
        };
        let kind = self.request.kind;
        let text = format!(
            "{kind} in version {} cannot be handled as a {kind}: {what}",
            go_quote(kind.version())
        );
        let refusal = Refusal::new(rule, 400, "BadRequest", text);
        let mut findings = Vec::new();
        if let Some(error) = error {
            let message = format!("{} must be {}", error.path, error.due);
            let finding = Finding::new(&S001, self.place(error.path.clone()), message);
            findings.push(finding.refusal(refusal.message.clone()));
        }
        findings.extend(
            unknown
                .iter()
                .map(|path| finding::unknown_field(self, path).refusal(refusal.message.clone())),
        );
        self.refused(refusal, findings)
    }

    /// Puts the namespace right, or finds that it cannot exist.
    fn settle_namespace(&mut self) -> Result<(), Box<Verdict>> {
        let path = FieldPath::root().key("metadata").key("namespace");
        let Some(meta) = self
            .document
            .get_mut("metadata")
            .and_then(Value::as_object_mut)
        else {
            return Ok(());
        };
        let given = meta
            .get("namespace")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if !self.request.kind.namespaced() {
            if meta.remove("namespace").is_some() && !given.is_empty() {
                self.remarks.push(surprise::namespace_dropped(
                    self.place(path),
                    self.request.kind,
                ));
            }
            return Ok(());
        }
        if given.is_empty() {
            meta.insert("namespace".to_owned(), self.request.namespace.into());
            return Ok(());
        }
        let complaints = names::dns1123_label(&given);
        let Some(complaint) = complaints.first() else {
            return Ok(());
        };
        let refusal = if given.contains('/') {
            Refusal::new(&A060, 404, "", "404 page not found\n")
        } else {
            let text = format!("namespaces {} not found", go_quote(&given));
            Refusal::new(&A060, 404, "NotFound", text)
        };
        let finding = Finding::new(
            &A060,
            self.place(path),
            format!("no namespace can have the name {given}: {complaint}"),
        )
        .refusal(refusal.message.clone());
        Err(Box::new(self.refused(refusal, vec![finding])))
    }

    /// An update that names another UID is about an object that is not there.
    fn changed_uid(&self, old: &Value) -> Option<Verdict> {
        let uid = |object: &Value| {
            object
                .pointer("/metadata/uid")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let (new, old) = (uid(&self.document)?, uid(old)?);
        if new == old {
            return None;
        }
        let (kind, name) = (self.request.kind, &self.key.name);
        let text = format!(
            "Operation cannot be fulfilled on {}.{} {}: StorageError: invalid object, Code: 4, Key: /{}/{}/{}/{name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {new}, UID in object meta: {old}",
            kind.plural(),
            kind.group(),
            go_quote(name),
            kind.group(),
            kind.plural(),
            self.key.namespace,
        );
        let path = FieldPath::root().key("metadata").key("uid");
        let finding = Finding::new(
            &crate::rules::A050,
            self.place(path),
            "metadata.uid is that of another object".to_owned(),
        )
        .help("leave metadata.uid out")
        .refusal(text.clone());
        Some(self.refused(
            Refusal::new(&crate::rules::A050, 409, "Conflict", text),
            vec![finding],
        ))
    }

    fn refused(&self, refusal: Refusal, findings: Vec<Finding>) -> Verdict {
        Verdict {
            key: self.key.clone(),
            outcome: Err(Box::new(refusal)),
            status: None,
            findings,
        }
    }

    fn close(mut self, mut errors: Errors, old: Option<&Value>) -> Verdict {
        // A value's own rules are asked before those of what it holds.
        errors.rules.sort_by(|a, b| a.path.cmp(&b.path));
        let mut all = errors.metadata;
        all.extend(errors.schema);
        all.extend(errors.lists);
        if !all.iter().any(blocks_rules) {
            all.extend(errors.rules);
        } else if self.schema.is_some_and(Schema::has_rules) {
            all.push(rules_not_asked());
        }
        if let Some(refusal) = field::refusal(self.request.kind, &self.key.name, &all) {
            let findings = finding::of_errors(&self, &all, old);
            return self.refused(refusal, findings);
        }
        let mut findings = std::mem::take(&mut self.remarks);
        findings.extend(surprise::of(&self));
        if let (Some(status), Some(map)) = (
            old.and_then(|old| old.get("status")),
            self.document.as_object_mut(),
        ) {
            map.insert("status".to_owned(), status.clone());
        }
        Verdict {
            key: self.key,
            outcome: Ok(self.document),
            status: self.status,
            findings,
        }
    }
}

/// CEL rules are not asked of an object with an error of these kinds.
fn blocks_rules(error: &FieldError) -> bool {
    use Reason::{NotSupported, Required, TooLong, TooMany, TypeInvalid};
    matches!(
        error.reason,
        Required | TypeInvalid | NotSupported | TooLong | TooMany
    )
}

fn rules_not_asked() -> FieldError {
    let detail = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    FieldError::invalid(&S001, &FieldPath::root(), &Value::Null, detail).named("<nil>")
}

/// The identity of the object in a document, as far as it has one.
#[must_use]
pub fn key_of(request: Request<'_>, document: &Value) -> ObjectKey {
    let meta = document.get("metadata").and_then(Value::as_object);
    let text = |meta: &Map<String, Value>, key: &str| {
        meta.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (namespace, name) = meta
        .map(|meta| (text(meta, "namespace"), text(meta, "name")))
        .unwrap_or_default();
    let namespace = if namespace.is_empty() {
        request.namespace
    } else {
        &namespace
    };
    ObjectKey::new(request.kind, namespace, &name)
}
