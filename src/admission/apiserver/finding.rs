//! From Kubernetes' errors to findings: what is wrong, in plain words, and what to write.

use serde_json::{Map, Value, json};

use super::{Door, decode};
use crate::api::QUANTITY_PATTERN;
use crate::api::aim::{MODEL_ID, SOURCE_URI};
use crate::diag::field::FieldError;
use crate::diag::{FieldPath, Finding, Fix, Moment, Place, Segment, Target, nearest, only_nearest};
use crate::inventory::Kind;
use crate::rules::{
    A001, A002, A003, A004, A005, A050, A060, A061, S001, S002, S003, S004, S005, S006,
};
use crate::schema::{Schema, publish};

/// One finding for each field that is wrong; several errors about one value are one mistake.
pub(super) fn of_errors(
    door: &Door<'_>,
    errors: &[FieldError],
    old: Option<&Value>,
) -> Vec<Finding> {
    let wrong_type: Vec<&FieldPath> = errors
        .iter()
        .filter(|error| std::ptr::eq(error.rule, &S001))
        .map(|error| &error.path)
        .collect();
    let mut findings: Vec<Finding> = Vec::new();
    for error in errors.iter().filter(|error| error.field != "<nil>") {
        let is_type = std::ptr::eq(error.rule, &S001);
        let said = findings.iter().any(|finding| {
            finding.place.path == error.path && std::ptr::eq(finding.rule, error.rule)
        });
        if (!is_type && wrong_type.contains(&&error.path))
            || (said && !std::ptr::eq(error.rule, &A060))
        {
            continue;
        }
        let mut finding = explain(door, error).refusal(error.text());
        if old.is_some() {
            finding.moment = Moment::Update;
        }
        findings.push(finding);
    }
    findings
}

/// An error with what it is about.
struct Wrong<'a> {
    error: &'a FieldError,
    place: Place,
    value: &'a Value,
    schema: &'a Value,
    kind: Kind,
    path: String,
}

fn explain(door: &Door<'_>, error: &FieldError) -> Finding {
    let wrong = Wrong {
        error,
        place: door.place(error.path.clone()).target(error.target),
        value: door
            .document
            .pointer(&error.path.pointer())
            .unwrap_or(&Value::Null),
        schema: door
            .schema
            .and_then(|schema| schema.at(&error.path))
            .unwrap_or(&Value::Null),
        kind: door.request.kind,
        path: error.path.to_string(),
    };
    let rule = error.rule;
    let is = |other| std::ptr::eq(rule, other);
    if is(&S001) {
        wrong.type_error()
    } else if is(&S002) {
        wrong.missing(door)
    } else if is(&S003) {
        wrong.enumeration()
    } else if is(&S004) {
        wrong.pattern()
    } else if is(&S005) {
        wrong.bounds()
    } else if is(&A060) {
        wrong.metadata()
    } else if is(&A061) {
        wrong.duplicate(door)
    } else if is(&A050) {
        wrong.immutable()
    } else {
        wrong.rule(door)
    }
}

impl Wrong<'_> {
    fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.error.rule, self.place.clone(), message)
    }

    fn type_error(&self) -> Finding {
        let actual = noun(self.value);
        let due = match self.schema.get("type").and_then(Value::as_str) {
            Some("object") => "a map",
            Some("array") => "a list",
            Some("integer") => "an integer",
            Some("number") => "a number",
            Some("boolean") => "true or false",
            Some(_) => "a text",
            None => "a quantity: an integer, or a text such as 500m or 64Gi",
        };
        let finding = self.finding(format!("{} must be {due}, not {actual}", self.path));
        match self.converted() {
            Some(value) => {
                let help = format!("write {value}");
                let fix = Fix::Replace {
                    place: self.place.clone(),
                    value,
                };
                finding.help(help).fix(fix)
            }
            None if due == "a text" && (self.value.is_number() || self.value.is_boolean()) => {
                finding
                    .help("put it in quotes; YAML reads it as another type otherwise")
                    .fix(Fix::Quote {
                        place: self.place.clone(),
                    })
            }
            None => finding.with_help(self.doc()),
        }
    }

    /// The same value in the type that is due, where only the quotes are wrong.
    fn converted(&self) -> Option<Value> {
        match (self.schema.get("type").and_then(Value::as_str), self.value) {
            (Some("integer"), Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
            (Some("boolean"), Value::String(text)) => text.parse::<bool>().ok().map(Value::from),
            (None, Value::Number(number)) => Some(number.to_string().into()),
            _ => None,
        }
    }

    fn missing(&self, door: &Door<'_>) -> Finding {
        let (holder, name) = split(&self.error.path);
        let finding = self.finding(format!("{} is missing", self.path));
        let mut finding = finding.with_help(self.doc().map(|doc| format!("add {doc}")));
        // There is nothing to point at but the map that lacks it.
        finding.place = door.place(holder.clone());
        let siblings = door
            .document
            .pointer(&holder.pointer())
            .and_then(Value::as_object);
        if let Some(Value::Null) = siblings.and_then(|map| map.get(name)) {
            finding.message = format!("{} is null, which counts as missing", self.path);
        }
        finding
    }

    fn enumeration(&self) -> Finding {
        let options = self
            .schema
            .get("enum")
            .or_else(|| self.schema.pointer("/allOf/0/enum"))
            .and_then(Value::as_array);
        let options: Vec<&str> = options
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let text = self.value.as_str().unwrap_or_default();
        let finding = self.finding(format!("{} cannot be {}", self.path, self.value));
        if let Some(same) = options
            .iter()
            .find(|option| option.eq_ignore_ascii_case(text))
        {
            let fix = Fix::Replace {
                place: self.place.clone(),
                value: json!(same),
            };
            return finding.help(format!("write {same}")).fix(fix);
        }
        match (options.as_slice(), nearest(text, options.iter().copied())) {
            ([only], _) => finding.help(format!("the only value is {only}")),
            (_, Some(near)) => finding.help(format!(
                "did you mean {near}? Allowed are {}",
                options.join(", ")
            )),
            _ => finding.help(format!("allowed are {}", options.join(", "))),
        }
    }

    fn pattern(&self) -> Finding {
        let pattern = self
            .schema
            .get("pattern")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let finding = self.finding(format!("{} cannot be {}", self.path, self.value));
        match pattern {
            MODEL_ID => finding.help("write organisation/name, as the hub does: Qwen/Qwen3-32B"),
            SOURCE_URI => finding.help("write hf://organisation/name or s3://bucket/path"),
            QUANTITY_PATTERN => finding.help("write a number and a suffix: 500m, 64Gi, 2"),
            _ if pattern.starts_with("^[a-z0-9]([-a-z0-9]*")
                || pattern.starts_with("^$|^[a-z0-9]") =>
            {
                let dots = if pattern.contains(r"\.") {
                    ", dots between parts"
                } else {
                    ""
                };
                finding.help(format!("use lower-case letters, digits and dashes{dots}, with a letter or digit at both ends"))
            }
            _ => finding.with_help(self.doc()),
        }
    }

    fn bounds(&self) -> Finding {
        let limit = |key: &str| self.schema.get(key).filter(|limit| limit.is_number());
        let length = match self.value {
            Value::Array(items) => items.len(),
            Value::String(text) => text.chars().count(),
            _ => 0,
        };
        let above = |key: &str, value: usize| {
            limit(key)
                .and_then(Value::as_u64)
                .is_some_and(|max| value as u64 > max)
        };
        let path = &self.path;
        let message = match self.value {
            Value::Array(_) if above("maxItems", length) => {
                format!(
                    "{path} has {length} items, and at most {} are allowed",
                    limit("maxItems").unwrap_or(&Value::Null)
                )
            }
            Value::Array(_) => format!(
                "{path} has {length} items, and needs at least {}",
                limit("minItems").unwrap_or(&Value::Null)
            ),
            Value::String(_) if above("maxLength", length) => {
                format!(
                    "{path} has {length} characters, and at most {} are allowed",
                    limit("maxLength").unwrap_or(&Value::Null)
                )
            }
            Value::String(text) if text.is_empty() => format!("{path} is empty"),
            value => match (limit("minimum"), limit("maximum")) {
                (Some(min), _) if value.as_f64() < min.as_f64() => {
                    format!("{path} is {value}, and must be at least {min}")
                }
                (_, Some(max)) => format!("{path} is {value}, and must be at most {max}"),
                _ => format!("{path} cannot be {value}"),
            },
        };
        self.finding(message).with_help(self.doc())
    }

    fn metadata(&self) -> Finding {
        let complaint = self
            .error
            .message
            .split_once("\": ")
            .map_or(self.error.message.as_str(), |(_, rest)| rest);
        let complaint = complaint.split(" (e.g.").next().unwrap_or(complaint);
        let (holder, entry) = split(&self.error.path);
        let message = match (self.error.target, entry) {
            (Target::Key, key) => format!("{holder} cannot have the key {key:?}: {complaint}"),
            (Target::Value, key) => format!(
                "the value of {key} in {holder} cannot be {}: {complaint}",
                self.value
            ),
            _ if self.error.message.starts_with("Required value") => {
                format!("{} is missing", self.path)
            }
            _ => format!("{} cannot be {}: {complaint}", self.path, self.value),
        };
        let finding = self.finding(message);
        match (entry, self.value.as_str()) {
            ("name", Some(name)) => match crate::kube::names::dns(name) {
                better if !better.is_empty() && better != name => {
                    finding.help(format!("write {better}, for instance"))
                }
                _ => finding,
            },
            ("name", None) => finding.help("give the object a name"),
            _ => finding,
        }
    }

    fn duplicate(&self, door: &Door<'_>) -> Finding {
        let (holder, _) = split(&self.error.path);
        let shared = self.error.message.trim_start_matches("Duplicate value: ");
        let name = self
            .value
            .get("name")
            .or_else(|| self.value.get("type"))
            .and_then(Value::as_str);
        let message = match name {
            Some(name) => format!("{holder} has {name} twice"),
            None => format!("{holder} has {shared} twice"),
        };
        let finding = self
            .finding(message)
            .label("again")
            .help("remove one of the two");
        let items = door
            .document
            .pointer(&holder.pointer())
            .and_then(Value::as_array);
        let same =
            |item: &Value| name.is_some() && item.get("name").and_then(Value::as_str) == name;
        match items.and_then(|items| items.iter().position(same)) {
            Some(first) => finding.related(door.place(holder.index(first)), "here first"),
            None => finding,
        }
    }

    fn immutable(&self) -> Finding {
        self.finding(format!("{} cannot be changed once it is set", self.path))
            .consequence("the API server refuses the whole update, so nothing else of it takes effect either")
            .help("put the old value back; or delete the object and create it anew; or create another one with a new name")
    }

    fn rule(&self, door: &Door<'_>) -> Finding {
        let has = |key: &str| self.value.get(key).is_some();
        let is = |other| std::ptr::eq(self.error.rule, other);
        let path = &self.path;
        if is(&A001) {
            let given: Vec<&str> = ["name", "image", "custom"]
                .into_iter()
                .filter(|key| has(key))
                .collect();
            let message = match given.as_slice() {
                [] => format!("{path} says which model in none of name, image and custom"),
                given => format!(
                    "{path} has {}, of which only one is allowed",
                    given.join(" and ")
                ),
            };
            let mut finding = self
                .finding(message)
                .help("exactly one of name, image and custom");
            for (index, key) in given.iter().enumerate() {
                let label = if index == 0 {
                    "this one"
                } else {
                    "and this one"
                };
                finding = finding.related(door.place(self.error.path.key(key)), label);
            }
            return finding;
        }
        let (message, help) = if is(&A002) {
            (
                format!("{path} has no modelSources"),
                "give one source: modelId and sourceUri",
            )
        } else if is(&A003) {
            (
                format!("{path} has neither gpu nor cpu"),
                "say what one replica needs: gpu: {requests: 1}, for instance",
            )
        } else if is(&A004) {
            (
                format!("{path} has model and minVram, which exclude each other"),
                "keep model for that GPU, or minVram for any GPU with enough memory",
            )
        } else if is(&A005) {
            (
                format!("{path} has modelSources, and a custom template without hardware"),
                "set custom.hardware for all templates, or hardware on each",
            )
        } else {
            (format!("{path}: {}", self.error.message), "")
        };
        self.finding(message)
            .with_help((!help.is_empty()).then(|| help.to_owned()))
    }

    /// The first sentence of the field's documentation.
    fn doc(&self) -> Option<String> {
        let text = publish::documentation(self.kind, &self.error.path)?.replace('\n', " ");
        let sentence = text.split_inclusive(". ").next()?.trim();
        let (_, name) = split(&self.error.path);
        Some(format!("{name}: {}", sentence.trim_end_matches('.')))
    }
}

/// A field that the kind does not have.
pub(super) fn unknown_field(door: &Door<'_>, path: &FieldPath) -> Finding {
    let (holder, name) = split(path);
    let place = door.place(path.clone()).target(Target::Key);
    let kind = door.request.kind;
    let finding = |message: String| {
        Finding::new(&S006, place.clone(), message)
            .consequence("kubectl and the API server refuse the object; a client that does not ask for strictness loses the field without a word")
    };
    let known = known_fields(door, &holder);
    let schema = door
        .schema
        .and_then(|schema| schema.at(&holder))
        .unwrap_or(&Value::Null);
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => {
            let item = schema
                .pointer("/items/x-kubernetes-list-map-keys")
                .or_else(|| schema.get("x-kubernetes-list-map-keys"));
            let key = item
                .and_then(|keys| keys.get(0))
                .and_then(Value::as_str)
                .unwrap_or("name");
            return finding(format!("{holder} is a list, not a map")).help(format!(
                "write one item a line, each with a dash: - {key}: {name}"
            ));
        }
        Some("object") | None if schema.get("x-kubernetes-int-or-string").is_none() => {}
        _ => {
            return finding(format!(
                "{holder} is a single value, so it cannot have a field {name}"
            ));
        }
    }
    let message = if holder.0.is_empty() {
        format!("{kind} has no field {name}")
    } else {
        format!("{holder} has no field {name}")
    };
    let finding = finding(message);
    let siblings = door
        .document
        .pointer(&holder.pointer())
        .and_then(Value::as_object);
    // Defaults are filled in already; those are nobody's words.
    let taken = |field: &str| {
        let value = siblings.and_then(|map| map.get(field));
        let default = schema.pointer(&format!("/properties/{field}/default"));
        value.is_some() && value != default
    };
    let free = || {
        known
            .iter()
            .map(String::as_str)
            .filter(|field| !taken(field))
    };
    if let Some(near) = nearest(name, free()) {
        let mut finding = finding.help(format!("did you mean {near}?"));
        finding.fix = only_nearest(name, free()).map(|to| Fix::RenameKey {
            place: place.clone(),
            to: to.to_owned(),
        });
        return finding;
    }
    match elsewhere(door.schema, name).as_slice() {
        [] if known.is_empty() => finding,
        [] => finding.help(format!("its fields are {}", known.join(", "))),
        [only] => finding.help(format!("the field is {only}")),
        several => finding.help(format!("fields of that name are {}", several.join(", "))),
    }
}

fn known_fields(door: &Door<'_>, holder: &FieldPath) -> Vec<String> {
    if *holder == FieldPath::root().key("metadata") {
        return decode::meta_fields().map(str::to_owned).collect();
    }
    let fields = door
        .schema
        .and_then(|schema| schema.at(holder))
        .and_then(|schema| schema.get("properties"));
    fields
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect()
}

/// Where in `spec` the kind has a field of that name: at most three places, those nearest the root first.
fn elsewhere(schema: Option<&'static Schema>, name: &str) -> Vec<String> {
    fn walk(schema: &Value, name: &str, path: &FieldPath, found: &mut Vec<FieldPath>) {
        for (key, child) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let path = path.key(key);
            if key == name {
                found.push(path.clone());
            }
            walk(child, name, &path, found);
        }
        if let Some(items) = schema.get("items") {
            walk(items, name, &path.index(0), found);
        }
    }
    let mut found = Vec::new();
    let spec = FieldPath::root().key("spec");
    if let Some(schema) = schema.and_then(|schema| schema.at(&spec)) {
        walk(schema, name, &spec, &mut found);
    }
    found.sort_by_key(|path| path.0.len());
    found.iter().take(3).map(ToString::to_string).collect()
}

fn split(path: &FieldPath) -> (FieldPath, &str) {
    let name = match path.0.last() {
        Some(Segment::Key(key)) => key.as_str(),
        _ => "",
    };
    (path.parent().unwrap_or_default(), name)
}

/// What a value is, in plain words.
fn noun(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if number.is_f64() => format!("the number {number}"),
        Value::Number(number) => format!("the integer {number}"),
        Value::String(text) => format!("the text {text:?}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
    }
}

trait WithHelp {
    fn with_help(self, help: Option<String>) -> Self;
}

impl WithHelp for Finding {
    fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}
