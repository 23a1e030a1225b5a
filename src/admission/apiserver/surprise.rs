//! What the API server accepts and nobody can have meant (spec 6.4; rules L501, L503, L504, L506, M120, M139).
//!
//! Only what no controller complains about later is here, or what it could no longer see: the rest is found where it
//! goes wrong.

use serde_json::Value;

use super::{Door, timeout};
use crate::diag::{FieldPath, Finding, Fix, Level, Place, Target};
use crate::inventory::Kind;
use crate::rules::{L501, L503, L504, L506, M139};

/// `null` as a label's or annotation's value.
pub(super) fn null_became_empty(place: Place) -> Finding {
    let message = format!("{} has no value: it is stored as an empty text", place.path);
    note(Finding::new(&L506, place, message).help("write \"\" if that is meant"))
}

/// A namespace on a cluster-scoped kind.
pub(super) fn namespace_dropped(place: Place, kind: Kind) -> Finding {
    let message = format!("{kind} is cluster-scoped: its namespace is dropped");
    let fix = Fix::Remove {
        place: place.clone(),
    };
    note(
        Finding::new(&L506, place, message)
            .help("leave the namespace out")
            .fix(fix),
    )
}

fn note(mut finding: Finding) -> Finding {
    finding.level = Level::Note;
    finding
}

/// Everything about an accepted object.
pub(super) fn of(door: &Door<'_>) -> Vec<Finding> {
    let mut look = Look {
        door,
        findings: Vec::new(),
    };
    if door.request.kind.group() == crate::api::aim::GROUP {
        look.metadata();
        look.findings.extend(timeout::unreadable(door));
        let spec = FieldPath::root().key("spec");
        if let Some(value) = door.document.get("spec") {
            look.lists_of_variables(value, &spec);
            look.images(value, &spec);
            look.resources(value, &spec);
            if door.request.kind == Kind::AimService {
                look.replicas(value, &spec);
                for field in [&["model", "custom"][..], &["overrides", "hardware"]] {
                    let path = field.iter().fold(spec.clone(), |path, key| path.key(key));
                    if let Some(value) = door.document.pointer(&path.pointer()) {
                        look.bare_quantities(value, &path);
                    }
                }
            }
        }
    }
    look.findings
}

struct Look<'a> {
    door: &'a Door<'a>,
    findings: Vec<Finding>,
}

impl Look<'_> {
    fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn place(&self, path: FieldPath) -> Place {
        self.door.place(path)
    }

    fn metadata(&mut self) {
        let path = FieldPath::root().key("metadata").key("annotations");
        let annotations = self
            .door
            .document
            .pointer("/metadata/annotations")
            .and_then(Value::as_object);
        for key in annotations.into_iter().flat_map(|map| map.keys()) {
            let upper = key
                .split_once('/')
                .is_some_and(|(prefix, _)| prefix.contains(|c: char| c.is_uppercase()));
            if upper {
                let place = self.place(path.key(key)).target(Target::Key);
                let message = format!(
                    "the prefix of the annotation {key} has capitals, so it is none that any program looks for"
                );
                self.add(note(Finding::new(&L506, place, message)));
            }
        }
    }

    /// Every `env` below a value.
    fn lists_of_variables(&mut self, value: &Value, path: &FieldPath) {
        match value {
            Value::Object(map) => {
                for (key, child) in map {
                    let path = path.key(key);
                    if let ("env", Some(items)) = (key.as_str(), child.as_array()) {
                        for (index, item) in items.iter().enumerate() {
                            self.variable(item, &path.index(index));
                        }
                    } else {
                        self.lists_of_variables(child, &path);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.lists_of_variables(item, &path.index(index));
                }
            }
            _ => {}
        }
    }

    fn variable(&mut self, item: &Value, path: &FieldPath) {
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
        let value = item
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let from = item.get("valueFrom").and_then(Value::as_object);
        let refused = "the API server stores it here and refuses the pods later";
        if name.is_empty() || name.contains('=') || name.chars().any(|c| !(' '..='~').contains(&c))
        {
            let place = self.place(path.key("name"));
            let message = if name.is_empty() {
                "a variable without a name".to_owned()
            } else {
                format!("{name:?} cannot be the name of a variable")
            };
            self.add(
                Finding::new(&L506, place, message)
                    .consequence(refused)
                    .help("use letters, digits and underscores"),
            );
        }
        if from.is_some() && !value.is_empty() {
            let place = self.place(path.key("valueFrom"));
            let message = format!("{name} has both value and valueFrom");
            let other = self.place(path.key("value"));
            self.add(
                Finding::new(&L506, place, message)
                    .related(other, "and this")
                    .consequence(refused)
                    .help("keep one of the two"),
            );
        }
        if from.is_some_and(|from| from.len() > 1) {
            let place = self.place(path.key("valueFrom"));
            let message = format!("{name} takes its value from several places at once");
            self.add(
                Finding::new(&L506, place, message)
                    .consequence(refused)
                    .help("keep one of them"),
            );
        }
        if from.is_none() && looks_secret(name, value) {
            let place = self.place(path.key("value")).target(Target::Value);
            let message = format!(
                "the value of {name} looks like a secret, and stands here for everybody to read"
            );
            self.add(
                Finding::new(&L504, place, message)
                    .consequence("it ends up in the pods, in every dump of the cluster and in version control")
                    .help(format!("put it into a Secret, and write valueFrom: {{secretKeyRef: {{name: …, key: {name}}}}}")),
            );
        }
    }

    fn images(&mut self, spec: &Value, path: &FieldPath) {
        let fields: &[&[&str]] = match self.door.request.kind {
            Kind::AimService => &[&["model", "image"], &["model", "custom", "baseImage"]],
            Kind::AimModel | Kind::AimClusterModel => &[&["image"]],
            _ => &[],
        };
        for field in fields {
            let path = field.iter().fold(path.clone(), |path, key| path.key(key));
            let value = field
                .iter()
                .try_fold(spec, |value, key| value.get(key))
                .and_then(Value::as_str);
            let Some(image) = value.map(str::trim).filter(|image| !image.is_empty()) else {
                continue;
            };
            let last = image.rsplit('/').next().unwrap_or(image);
            let tag = last.split_once(':').map(|(_, tag)| tag);
            if last.contains('@') || tag.is_some_and(|tag| tag != "latest") {
                continue;
            }
            let how = if tag.is_some() {
                "has the tag latest"
            } else {
                "has no tag, which means latest"
            };
            let place = self.place(path);
            self.add(
                Finding::new(&L501, place, format!("the image {image} {how}"))
                    .consequence("what runs depends on the day that a node pulls it")
                    .help("name a version, or a digest"),
            );
        }
    }

    fn resources(&mut self, spec: &Value, path: &FieldPath) {
        let Some(resources) = spec.get("resources") else {
            return;
        };
        let path = path.key("resources");
        let map = |key: &str| resources.get(key).and_then(Value::as_object);
        let quantity = |value: &Value| match value {
            Value::String(text) => crate::kube::quantity::Quantity::parse(text).ok(),
            other => crate::kube::quantity::Quantity::parse(&other.to_string()).ok(),
        };
        for (name, request) in map("requests").into_iter().flatten() {
            let Some(limit) = map("limits").and_then(|limits| limits.get(name)) else {
                continue;
            };
            if quantity(limit)
                .zip(quantity(request))
                .is_some_and(|(limit, request)| limit < request)
            {
                let text = |value: &Value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                };
                let message = format!(
                    "the limit of {name} is {}, below the request of {}",
                    text(limit),
                    text(request)
                );
                let place = self.place(path.key("limits").key(name));
                let other = self.place(path.key("requests").key(name));
                self.add(
                    Finding::new(&L506, place, message)
                        .related(other, "the request")
                        .consequence("Kubernetes refuses the Deployment")
                        .help("a limit is at least the request"),
                );
            }
        }
    }

    /// Numbers where a quantity is due, below a field that must not change: the operator's first write puts them in
    /// quotes, which is a change. A typed object cannot show that any more (spec 2.17).
    fn bare_quantities(&mut self, value: &Value, path: &FieldPath) {
        match value {
            Value::Number(number) => {
                let schema = self.door.schema.and_then(|schema| schema.at(path));
                let quantity = schema.and_then(|schema| schema.get("x-kubernetes-int-or-string"));
                if quantity.is_some() {
                    let place = self.place(path.clone());
                    let text = crate::kube::quantity::canonical(&number.to_string());
                    let fix = Fix::Replace {
                        place: place.clone(),
                        value: Value::String(text.clone()),
                    };
                    self.add(
                        Finding::new(
                            &M139,
                            place,
                            format!("{path} is the bare number {number}, in a field that must not change"),
                        )
                        .consequence("AIM Engine's first write puts it in quotes, which the API server takes for a change and refuses, for ever: the service is never reconciled")
                        .help(format!("write \"{text}\", in quotes"))
                        .fix(fix),
                    );
                }
            }
            Value::Object(map) => {
                for (key, child) in map {
                    self.bare_quantities(child, &path.key(key));
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter().enumerate() {
                    self.bare_quantities(child, &path.index(index));
                }
            }
            _ => {}
        }
    }

    fn replicas(&mut self, spec: &Value, path: &FieldPath) {
        let number = |key: &str| spec.get(key).and_then(Value::as_i64);
        if let (Some(min), Some(max)) = (number("minReplicas"), number("maxReplicas"))
            && min == max
        {
            let place = self.place(path.key("maxReplicas"));
            let other = self.place(path.key("minReplicas"));
            let message =
                format!("minReplicas and maxReplicas are both {min}: autoscaling can never act");
            self.add(
                Finding::new(&L503, place, message)
                    .related(other, "the same")
                    .help(format!("write replicas: {min} for a fixed number")),
            );
        }
    }
}

/// Token-like values under token-like names. References to other variables and obvious placeholders are none.
fn looks_secret(name: &str, value: &str) -> bool {
    const PREFIXES: [&str; 8] = [
        "hf_",
        "sk-",
        "ghp_",
        "github_pat_",
        "glpat-",
        "AKIA",
        "xoxb-",
        "nvapi-",
    ];
    let known = PREFIXES.iter().any(|prefix| {
        value
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= 6)
    });
    let name = name.to_ascii_uppercase();
    let named = [
        "TOKEN",
        "PASSWORD",
        "SECRET",
        "API_KEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
    ]
    .iter()
    .any(|word| name.ends_with(word));
    let plain =
        !value.contains("$(") && !value.contains('<') && !value.contains(char::is_whitespace);
    let dense = value.len() >= 16
        && value.chars().any(|c| c.is_ascii_digit())
        && value.chars().any(char::is_alphabetic);
    known || (named && plain && dense)
}
