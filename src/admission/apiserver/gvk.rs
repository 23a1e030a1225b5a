//! Which kind a document is of, and what kubectl says when it is none (spec 6.1, rule S007).

use serde_json::Value;

use crate::diag::{FieldPath, Finding, Fix, Moment, Place, Refusal, Refuser, nearest};
use crate::inventory::Kind;
use crate::rules::{Rule, S001, S002, S007};
use crate::source::DocumentId;

const AIM: &str = crate::api::aim::GROUP;

/// What apiVersion and kind of a document say.
#[derive(Debug, Clone, PartialEq)]
pub enum Gvk {
    /// One of the chain's kinds.
    Known(Kind),
    /// A kind that cannot concern the chain.
    PassedOver,
    /// kubectl does not even send it.
    Refused(Box<Mistake>),
}

/// Why kubectl does not send a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// kubectl's answer. `NoKindMatch` stands where the API has no reason.
    pub refusal: Refusal,
    /// Where the mistake stands.
    pub path: FieldPath,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The right value, when it is certain.
    pub replacement: Option<String>,
}

/// The kind of a document; `file` is the name that kubectl would give in its errors.
#[must_use]
pub fn of(document: &Value, file: &str) -> Gvk {
    let Some(map) = document.as_object() else {
        let mistake = Mistake::new(
            &S001,
            FieldPath::root(),
            "the document is no map, so it cannot be an object",
        )
        .saying(&validation(file, "invalid object to validate"));
        return Gvk::Refused(Box::new(mistake));
    };
    let mut complaints = Vec::new();
    for field in ["apiVersion", "kind"] {
        match map.get(field) {
            None | Some(Value::Null) => complaints.push((&S002, field, format!("{field} not set"))),
            Some(Value::String(text)) if text.is_empty() => {
                complaints.push((&S002, field, format!("{field} not set")))
            }
            Some(Value::String(_)) => {}
            Some(_) => complaints.push((&S001, field, format!("{field} isn't string type"))),
        }
    }
    if let Some((rule, field, _)) = complaints.first() {
        let texts: Vec<&str> = complaints.iter().map(|(.., text)| text.as_str()).collect();
        let all = match texts.as_slice() {
            [one] => (*one).to_owned(),
            many => format!("[{}]", many.join(", ")),
        };
        return Gvk::Refused(Box::new(unset(rule, field, map, &validation(file, &all))));
    }
    let text = |field: &str| map.get(field).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    match Kind::of(api_version, kind) {
        Some(kind) => Gvk::Known(kind),
        None => unknown(document, api_version, kind, file),
    }
}

fn unset(
    rule: &'static Rule,
    field: &'static str,
    map: &serde_json::Map<String, Value>,
    text: &str,
) -> Mistake {
    let other = map
        .keys()
        .find(|key| key.eq_ignore_ascii_case(field) && *key != field);
    let path = FieldPath::root();
    let mistake = match other {
        _ if std::ptr::eq(rule, &S001) => {
            Mistake::new(rule, path.key(field), &format!("{field} must be a text"))
        }
        Some(other) => Mistake::new(
            rule,
            path.key(other),
            &format!("{field} is missing; {other} is another field"),
        )
        .help(&format!("write {field}")),
        None => Mistake::new(rule, path, &format!("{field} is missing")),
    };
    mistake.saying(text)
}

fn unknown(document: &Value, api_version: &str, kind: &str, file: &str) -> Gvk {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let aim_kinds = || {
        Kind::ALL
            .iter()
            .filter(|kind| kind.group() == AIM)
            .map(|kind| kind.as_str())
    };
    let exact = aim_kinds().find(|name| *name == kind);
    let close = exact.or_else(|| {
        let looks_like_one = kind
            .get(..3)
            .is_some_and(|head| head.eq_ignore_ascii_case("aim"));
        nearest(kind, aim_kinds()).filter(|_| looks_like_one)
    });
    if group != AIM && close.is_none() {
        return Gvk::PassedOver;
    }
    if group == AIM
        && kind
            .strip_suffix("List")
            .is_some_and(|item| aim_kinds().any(|name| name == item))
    {
        let mistake = Mistake::new(&S002, FieldPath::root(), &format!("{kind} has no items"))
            .saying(&validation(file, &list_without_items(document, kind)))
            .help("write the items, or the kind of a single object");
        return Gvk::Refused(Box::new(mistake));
    }
    let text = |pointer: &str| {
        document
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let said = format!(
        "error: resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{file}\": no matches for kind \"{kind}\" in version \"{api_version}\"\nensure CRDs are installed first",
        text("/metadata/name"),
        text("/metadata/namespace"),
    );
    let root = FieldPath::root();
    let right_version = format!("{AIM}/v1alpha1");
    let mistake = match (group == AIM, version == "v1alpha1", exact, close) {
        (true, true, _, Some(close)) => {
            Mistake::new(&S007, root.key("kind"), &format!("{AIM} has no kind {kind}"))
                .help(&format!("did you mean {close}?"))
                .replacement(close)
        }
        (true, true, ..) => {
            let all: Vec<&str> = aim_kinds().collect();
            Mistake::new(&S007, root.key("kind"), &format!("{AIM} has no kind {kind}"))
                .help(&format!("its kinds are {}", all.join(", ")))
        }
        (true, false, ..) if version == "v1alpha2" => Mistake::new(
            &S007,
            root.key("apiVersion"),
            "v1alpha2 is the API of a later AIM Engine; the one here, 0.2.1, serves v1alpha1 only",
        )
        .help(&format!("write apiVersion: {right_version}, or wait for the later operator: the fields differ, too")),
        (true, false, ..) => {
            let mistake = Mistake::new(&S007, root.key("apiVersion"), &format!("{AIM} is not served in version {version}"))
                .help(&format!("write apiVersion: {right_version}"));
            if exact.is_some() { mistake.replacement(&right_version) } else { mistake }
        }
        (false, ..) => {
            let mistake = Mistake::new(&S007, root.key("apiVersion"), &format!("no API group {group:?} has a kind {kind}"))
                .help(&format!("write apiVersion: {right_version}"));
            if exact.is_some() { mistake.replacement(&right_version) } else { mistake }
        }
    };
    Gvk::Refused(Box::new(mistake.saying(&said)))
}

/// What the list's schema says when it is taken for a single object.
fn list_without_items(document: &Value, kind: &str) -> String {
    let keys = |value: Option<&Value>, known: &[&str]| -> Vec<String> {
        let map = value.and_then(Value::as_object);
        map.into_iter()
            .flat_map(|map| map.keys())
            .filter(|key| !known.contains(&key.as_str()))
            .cloned()
            .collect()
    };
    let meta = keys(
        document.get("metadata"),
        &[
            "continue",
            "remainingItemCount",
            "resourceVersion",
            "selfLink",
        ],
    );
    let root = keys(Some(document), &["apiVersion", "kind", "metadata", "items"]);
    let mut said: Vec<String> = meta
        .iter()
        .map(|key| format!("ValidationError({kind}.metadata): unknown field \"{key}\" in io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"))
        .collect();
    said.extend(root.iter().map(|key| {
        format!(
            "ValidationError({kind}): unknown field \"{key}\" in com.amd.eai.aim.v1alpha1.{kind}"
        )
    }));
    said.push(format!("ValidationError({kind}): missing required field \"items\" in com.amd.eai.aim.v1alpha1.{kind}"));
    match said.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

/// kubectl's frame around what it finds wrong before it sends anything.
fn validation(file: &str, what: &str) -> String {
    format!(
        "error: error validating \"{file}\": error validating data: {what}; if you choose to ignore these errors, turn validation off with --validate=false"
    )
}

impl Mistake {
    fn new(rule: &'static Rule, path: FieldPath, message: &str) -> Self {
        let mut refusal = Refusal::new(rule, 0, "NoKindMatch", "");
        refusal.refuser = Refuser::Kubectl;
        Self {
            refusal,
            path,
            message: message.to_owned(),
            help: None,
            replacement: None,
        }
    }

    fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.refusal.message);
        self
    }

    fn help(mut self, text: &str) -> Self {
        self.help = Some(text.to_owned());
        self
    }

    fn replacement(mut self, text: &str) -> Self {
        self.replacement = Some(text.to_owned());
        self
    }

    /// The mistake as a finding on its document.
    #[must_use]
    pub fn finding(&self, document: DocumentId) -> Finding {
        let place = Place::document(document, self.path.clone());
        let mut finding = Finding::new(self.refusal.rule, place.clone(), self.message.clone())
            .refusal(self.refusal.message.clone());
        finding.refuser = Refuser::Kubectl;
        finding.moment = Moment::Reading;
        finding.help.clone_from(&self.help);
        finding.fix = self.replacement.as_ref().map(|text| Fix::Replace {
            place,
            value: Value::String(text.clone()),
        });
        finding
    }
}
