//! The CEL rules of the AIM kinds (`x-kubernetes-validations`), written by hand: one function and one code a rule.
//!
//! A schema names its rules by their text; a rule whose text is not in the table holds always (the other kinds' rules
//! are checked by their own doors). The test suite runs the table against a CEL interpreter.

use serde_json::Value;

use crate::api::aim::cel::{
    ANY_SOURCE, GPU_OR_CPU, MODEL_OR_VRAM, ONE_MODEL, TEMPLATES_WITH_HARDWARE, UNCHANGED,
};
use crate::diag::{FieldError, FieldPath};
use crate::rules;

/// A rule at its place in a schema.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    check: Check,
    message: Box<str>,
}

#[derive(Debug, Clone, Copy)]
enum Check {
    /// `self == oldSelf`: only asked when an old value is there.
    Unchanged,
    /// Asked of every value.
    Holds(fn(&Value) -> bool, &'static rules::Rule),
}

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// The value that breaks it.
    pub path: FieldPath,
    /// Its code.
    pub rule: &'static rules::Rule,
    /// The CRD's message.
    pub message: String,
    /// The value's type in the schema.
    pub type_name: &'static str,
}

impl Broken {
    /// The error in Kubernetes' words: the value's type stands for the value.
    #[must_use]
    pub fn error(&self) -> FieldError {
        FieldError::invalid_text(self.rule, &self.path, self.type_name, &self.message)
    }
}

impl Rule {
    /// Whether a value satisfies it; what needs an old value is satisfied.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match self.check {
            Check::Unchanged => true,
            Check::Holds(check, _) => check(value),
        }
    }

    pub(super) fn is_transition(&self) -> bool {
        matches!(self.check, Check::Unchanged)
    }

    pub(super) fn broken(&self, path: FieldPath, type_name: &'static str) -> Broken {
        Broken {
            path,
            rule: match self.check {
                Check::Unchanged => &rules::A050,
                Check::Holds(_, rule) => rule,
            },
            message: self.message.to_string(),
            type_name,
        }
    }
}

/// The rules of a schema that the table knows.
pub(super) fn compile(schema: &Value) -> Vec<Rule> {
    let list = schema
        .get("x-kubernetes-validations")
        .and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            let text = entry.get("rule")?.as_str()?;
            Some(Rule {
                check: check_of(text)?,
                message: entry.get("message")?.as_str()?.into(),
            })
        })
        .collect()
}

fn check_of(text: &str) -> Option<Check> {
    if text == UNCHANGED {
        return Some(Check::Unchanged);
    }
    TABLE
        .iter()
        .find(|(rule, ..)| *rule == text)
        .map(|(_, check, rule)| Check::Holds(*check, rule))
}

type Entry = (&'static str, fn(&Value) -> bool, &'static rules::Rule);

static TABLE: &[Entry] = &[
    (ONE_MODEL, one_model, &rules::A001),
    (ANY_SOURCE, any_source, &rules::A002),
    (GPU_OR_CPU, gpu_or_cpu, &rules::A003),
    (MODEL_OR_VRAM, model_or_vram, &rules::A004),
    (
        TEMPLATES_WITH_HARDWARE,
        templates_with_hardware,
        &rules::A005,
    ),
];

fn has(value: &Value, key: &str) -> bool {
    value.get(key).is_some()
}

fn size(value: &Value, key: &str) -> usize {
    match value.get(key) {
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(map)) => map.len(),
        Some(Value::String(text)) => text.chars().count(),
        _ => 0,
    }
}

fn one_model(model: &Value) -> bool {
    ["name", "image", "custom"]
        .iter()
        .filter(|key| has(model, key))
        .count()
        == 1
}

fn any_source(custom: &Value) -> bool {
    size(custom, "modelSources") >= 1
}

fn gpu_or_cpu(hardware: &Value) -> bool {
    has(hardware, "gpu") || has(hardware, "cpu")
}

fn model_or_vram(gpu: &Value) -> bool {
    size(gpu, "model") == 0 || !has(gpu, "minVram")
}

fn templates_with_hardware(spec: &Value) -> bool {
    let custom = spec
        .get("custom")
        .is_some_and(|custom| has(custom, "hardware"));
    let templates = spec.get("customTemplates").and_then(Value::as_array);
    custom
        || size(spec, "modelSources") == 0
        || templates
            .into_iter()
            .flatten()
            .all(|template| has(template, "hardware"))
}
