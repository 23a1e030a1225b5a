//! A structural schema (the form a CRD holds), compiled for one quick walk over a document.
//!
//! Kubernetes 1.34.4 does three things to a custom resource before it judges it: it drops fields that the schema does
//! not know, drops nulls and fills defaults (spec 6.2). [`Schema::complete`] does all of it in one walk, which also
//! tells whether the outcome satisfies the schema; the words for what does not are found by [`super::violations`],
//! which only a bad document has to pay for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::cel::{self, Broken};
use super::pattern::Pattern;
use super::violations::Violations;
use crate::api::QUANTITY_PATTERN;
use crate::diag::{FieldError, FieldPath, Segment};
use crate::kube::quantity::{Quantity, QuantityError};
use crate::kube::unknown::is_unknown;

/// A schema, compiled as far as documents have asked: most of what a kind can hold stands in no document.
#[derive(Debug)]
pub struct Schema {
    root: Node,
    has_rules: OnceLock<bool>,
    source: &'static Value,
    words: OnceLock<Option<Violations>>,
}

/// The schema of a part, compiled when a document first holds that part.
#[derive(Debug)]
struct Part {
    source: &'static Value,
    node: OnceLock<Box<Node>>,
}

impl Part {
    fn new(source: &'static Value) -> Self {
        Self {
            source,
            node: OnceLock::new(),
        }
    }

    fn node(&self) -> &Node {
        self.node
            .get_or_init(|| Box::new(Node::compile(self.source)))
    }
}

/// The schema of one value.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The types that are allowed; empty: any.
    types: Vec<Type>,
    nullable: bool,
    /// `x-kubernetes-preserve-unknown-fields`.
    open: bool,
    /// By name, sorted.
    properties: Vec<(&'static str, Part)>,
    /// Positions of the properties that have a default.
    defaulted: Vec<usize>,
    additional: Option<Part>,
    items: Option<Part>,
    required: Vec<&'static str>,
    default: Option<&'static Value>,
    enumeration: Option<&'static [Value]>,
    pattern: Option<Pattern>,
    format: Option<Format>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    list: List,
    rules: Vec<cel::Rule>,
    /// The bits of the integer that Go reads.
    bits: Option<u8>,
    is_quantity: bool,
}

/// A type of JSON, as schemas name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

/// How the items of a list are told apart.
#[derive(Debug, Default, PartialEq, Eq)]
enum List {
    #[default]
    Atomic,
    Set,
    Map(Vec<&'static str>),
}

/// The formats that Kubernetes checks; others, `int32` among them, are only documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    DateTime,
    Duration,
}

/// What [`Schema::complete`] found on its walk.
#[derive(Debug, Default)]
pub struct Completed {
    /// Fields that the schema does not know. They are still there unless pruning was asked for.
    pub unknown: Vec<FieldPath>,
    /// Items of set and map lists that stand there already, with what they share.
    pub duplicates: Vec<(FieldPath, Value)>,
    /// Items of map lists that are no maps.
    pub no_maps: Vec<(FieldPath, Value)>,
    /// CEL rules that do not hold.
    pub broken: Vec<Broken>,
    /// Some type, bound, pattern, enumeration or required field does not fit.
    pub invalid: bool,
    /// Values that fit, and that no program in Go can read all the same.
    pub undecodable: Vec<(FieldPath, Undecodable)>,
    /// Something was dropped, filled in or written in another way.
    pub changed: bool,
}

/// Why no program in Go can read a value that fits the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecodable {
    /// The number is beyond this many bits.
    Bits(u8),
    /// The text is no quantity.
    Quantity(QuantityError),
}

impl Completed {
    /// Nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        !self.invalid
            && self.unknown.is_empty()
            && self.duplicates.is_empty()
            && self.no_maps.is_empty()
            && self.broken.is_empty()
    }
}

impl Schema {
    /// Compiles the `openAPIV3Schema` of a CRD, which stays for the life of the program, as what is compiled of it does.
    #[must_use]
    pub fn compile(source: Value) -> Self {
        let source: &'static Value = Box::leak(Box::new(source));
        Self {
            root: Node::compile(source),
            has_rules: OnceLock::new(),
            source,
            words: OnceLock::new(),
        }
    }

    /// The schema as it was given.
    #[must_use]
    pub fn source(&self) -> &Value {
        self.source
    }

    /// Drops nulls, fills defaults and judges, all in one walk.
    ///
    /// With `prune`, for what controllers write: unknown fields are dropped, and texts that only the cluster decides
    /// fit everywhere.
    pub fn complete(&self, document: &mut Value, prune: bool) -> Completed {
        let mut walk = Walk {
            prune,
            found: Completed::default(),
        };
        walk.value(document, &self.root, &Trail::ROOT);
        walk.found
    }

    /// [`Schema::complete`] for one top-level field alone.
    pub fn complete_field(&self, field: &str, value: &mut Value, prune: bool) -> Completed {
        let mut walk = Walk {
            prune,
            found: Completed::default(),
        };
        if let Some(node) = self.root.property(field) {
            walk.value(value, node, &Trail::ROOT.key(field));
        }
        walk.found
    }

    /// What of a completed document does not fit the schema, in Kubernetes' words.
    #[must_use]
    pub fn errors(&self, document: &Value) -> Vec<FieldError> {
        self.words
            .get_or_init(|| Violations::of(self.source))
            .as_ref()
            .map(|words| words.errors(document))
            .unwrap_or_default()
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// The schema of the value at a path, as it was given: type, documentation, bounds.
    #[must_use]
    pub fn at(&self, path: &FieldPath) -> Option<&Value> {
        path.0
            .iter()
            .try_fold(self.source, |schema, segment| match segment {
                Segment::Key(key) => schema
                    .get("properties")
                    .and_then(|properties| properties.get(key))
                    .or_else(|| {
                        schema
                            .get("additionalProperties")
                            .filter(|other| other.is_object())
                    }),
                Segment::Index(_) => schema.get("items"),
            })
    }

    /// The kind has rules in CEL.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        *self.has_rules.get_or_init(|| mentions_rules(self.source))
    }
}

fn mentions_rules(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => {
            map.contains_key("x-kubernetes-validations") || map.values().any(mentions_rules)
        }
        Value::Array(items) => items.iter().any(mentions_rules),
        _ => false,
    }
}

/// Drops the fields that the schema does not know; gives their paths.
pub fn prune(schema: &Schema, document: &mut Value) -> Vec<FieldPath> {
    schema.complete(document, true).unknown
}

/// Drops nulls and fills defaults.
pub fn default(schema: &Schema, document: &mut Value) {
    schema.complete(document, false);
}

/// What of a completed document does not fit the schema, in Kubernetes' words; quick when everything fits.
#[must_use]
pub fn validate(schema: &Schema, document: &Value) -> Vec<FieldError> {
    if schema.complete(&mut document.clone(), false).invalid {
        schema.errors(document)
    } else {
        Vec::new()
    }
}

impl Node {
    fn compile(source: &'static Value) -> Self {
        let text = |key: &str| source.get(key).and_then(Value::as_str);
        let flag = |key: &str| source.get(key).and_then(Value::as_bool) == Some(true);
        let number = |key: &str| source.get(key).and_then(Value::as_f64);
        let size = |key: &str| {
            source
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok())
        };
        let names = |key: &str| -> Vec<&'static str> {
            let list = source.get(key).and_then(Value::as_array);
            let list = list.into_iter().flatten();
            list.filter_map(Value::as_str).collect()
        };
        let part = |key: &str| {
            let schema = source.get(key).filter(|schema| schema.is_object());
            schema.map(Part::new)
        };
        let types = if flag("x-kubernetes-int-or-string") {
            vec![Type::Integer, Type::String]
        } else {
            text("type").and_then(Type::parse).into_iter().collect()
        };
        let properties = source.get("properties").and_then(Value::as_object);
        let mut properties: Vec<(&'static str, Part)> = properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), Part::new(schema)))
            .collect();
        properties.sort_by_key(|(name, _)| *name);
        let with_default = properties
            .iter()
            .enumerate()
            .filter(|(_, (_, part))| part.source.get("default").is_some());
        let defaulted = with_default.map(|(index, _)| index).collect();
        // Two enumerations (`allOf`) are always the same one; `anyOf` occurs only to spell out int-or-string.
        let enumeration = source
            .get("enum")
            .or_else(|| source.pointer("/allOf/0/enum"))
            .and_then(Value::as_array)
            .map(Vec::as_slice);
        let list = match text("x-kubernetes-list-type") {
            Some("set") => List::Set,
            Some("map") => List::Map(names("x-kubernetes-list-map-keys")),
            _ => List::Atomic,
        };
        Self {
            bits: match text("format") {
                Some("int32") => Some(32),
                _ => types.contains(&Type::Integer).then_some(64),
            },
            types,
            nullable: flag("nullable"),
            open: flag("x-kubernetes-preserve-unknown-fields"),
            properties,
            defaulted,
            additional: part("additionalProperties"),
            items: part("items"),
            required: names("required"),
            default: source.get("default"),
            enumeration,
            pattern: text("pattern").map(Pattern::new),
            format: text("format").and_then(Format::parse),
            minimum: number("minimum"),
            maximum: number("maximum"),
            min_length: size("minLength"),
            max_length: size("maxLength"),
            min_items: size("minItems"),
            max_items: size("maxItems"),
            list,
            rules: cel::compile(source),
            is_quantity: text("pattern") == Some(QUANTITY_PATTERN),
        }
    }

    pub(super) fn property(&self, name: &str) -> Option<&Self> {
        self.properties
            .binary_search_by_key(&name, |(key, _)| *key)
            .ok()
            .and_then(|index| self.properties.get(index))
            .map(|(_, part)| part.node())
    }

    /// The schema of an entry: a property's, or what all other entries have.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.property(name)
            .or_else(|| self.additional.as_ref().map(Part::node))
    }

    pub(super) fn items(&self) -> Option<&Self> {
        self.items.as_ref().map(Part::node)
    }

    /// The keys that tell the items of a map list apart.
    pub(super) fn list_keys(&self) -> Option<&[&'static str]> {
        match &self.list {
            List::Map(keys) => Some(keys),
            _ => None,
        }
    }

    pub(super) fn rules(&self) -> &[cel::Rule] {
        &self.rules
    }

    /// The type's name in CEL errors.
    pub(super) fn type_name(&self) -> &'static str {
        self.types.first().map_or("object", |kind| kind.name())
    }

    /// Whether a null here goes away, or becomes the default.
    fn refuses_null(&self) -> bool {
        !self.nullable
    }

    fn admits_type(&self, value: &Value) -> bool {
        self.types.is_empty()
            || (value.is_null() && self.nullable)
            || self.types.iter().any(|kind| kind.admits(value))
    }

    /// Why Go cannot read a value that fits.
    fn undecodable(&self, value: &Value) -> Option<Undecodable> {
        match value {
            Value::Number(number) => {
                let bits = self.bits?;
                let integer = number.as_i64().or_else(|| whole(number.as_f64()?))?;
                (bits < 64 && i32::try_from(integer).is_err()).then_some(Undecodable::Bits(bits))
            }
            Value::String(text) if self.is_quantity => {
                Quantity::parse(text).err().map(Undecodable::Quantity)
            }
            _ => None,
        }
    }

    fn admits_text(&self, text: &str) -> bool {
        if self.min_length.is_some() || self.max_length.is_some() {
            let length = text.chars().count();
            if self.min_length.is_some_and(|min| length < min)
                || self.max_length.is_some_and(|max| length > max)
            {
                return false;
            }
        }
        self.pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(text))
            && self.format.is_none_or(|format| format.admits(text))
    }

    fn admits_number(&self, number: f64) -> bool {
        self.minimum.is_none_or(|min| number >= min) && self.maximum.is_none_or(|max| number <= max)
    }
}

impl Type {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "object" => Self::Object,
            "array" => Self::Array,
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }

    pub(super) fn admits(self, value: &Value) -> bool {
        match self {
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Number => value.is_number(),
            // Go reads what 64 bits do not hold as a float, and takes floats for integers up to 2^53 - 1.
            Self::Integer => {
                value.is_i64() || (value.is_f64() && value.as_f64().and_then(whole).is_some())
            }
        }
    }
}

impl Format {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "date-time" => Some(Self::DateTime),
            "duration" => Some(Self::Duration),
            _ => None,
        }
    }

    pub(super) fn admits(self, text: &str) -> bool {
        match self {
            Self::DateTime => text.parse::<k8s_openapi::jiff::Timestamp>().is_ok(),
            Self::Duration => super::pattern::is_duration(text),
        }
    }
}

/// The way down to a value, kept on the stack and written out only for what is reported.
struct Trail<'a> {
    parent: Option<&'a Trail<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    const ROOT: Trail<'static> = Trail {
        parent: None,
        step: Step::Root,
    };

    fn key(&'a self, key: &'a str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    fn index(&'a self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Index(index),
        }
    }

    fn path(&self) -> FieldPath {
        let head = self.parent.map(Trail::path).unwrap_or_default();
        match self.step {
            Step::Root => head,
            Step::Key(key) => head.key(key),
            Step::Index(index) => head.index(index),
        }
    }
}

struct Walk {
    prune: bool,
    found: Completed,
}

impl Walk {
    fn value(&mut self, value: &mut Value, node: &Node, trail: &Trail<'_>) {
        match value {
            Value::Object(map) => self.map(map, node, trail),
            Value::Array(items) => self.list(items, node, trail),
            _ => {}
        }
        if self.prune && value.as_str().is_some_and(is_unknown) {
            return;
        }
        let fits = node.admits_type(value)
            && match &*value {
                Value::String(text) => node.admits_text(text),
                Value::Number(number) => node.admits_number(number.as_f64().unwrap_or(f64::NAN)),
                _ => true,
            }
            && node
                .enumeration
                .as_ref()
                .is_none_or(|options| value.is_null() && node.nullable || options.contains(value));
        if !fits {
            self.found.invalid = true;
            return;
        }
        if let Some(why) = node.undecodable(value) {
            self.found.undecodable.push((trail.path(), why));
        } else if value.is_f64()
            && node.bits.is_some()
            && let Some(integer) = value.as_f64().and_then(whole)
        {
            *value = integer.into();
            self.found.changed = true;
        }
        for rule in &node.rules {
            if !rule.holds(value) {
                self.found
                    .broken
                    .push(rule.broken(trail.path(), node.type_name()));
            }
        }
    }

    fn map(&mut self, map: &mut Map<String, Value>, node: &Node, trail: &Trail<'_>) {
        let is_root = trail.parent.is_none();
        map.retain(|key, value| {
            // These belong to every object and are judged elsewhere.
            if is_root && matches!(key.as_str(), "apiVersion" | "kind" | "metadata") {
                return true;
            }
            let Some(child) = node.child(key) else {
                if node.open {
                    return true;
                }
                self.found.unknown.push(trail.key(key).path());
                self.found.changed |= self.prune;
                return !self.prune;
            };
            if value.is_null() && child.refuses_null() {
                self.found.changed = true;
                match child.default {
                    Some(default) => *value = default.clone(),
                    None => return false,
                }
            }
            self.value(value, child, &trail.key(key));
            true
        });
        let defaulted = node.defaulted.iter();
        for (name, part) in defaulted.filter_map(|index| node.properties.get(*index)) {
            if !map.contains_key(*name)
                && let Some(default) = part.node().default
            {
                let mut value = default.clone();
                self.value(&mut value, part.node(), &trail.key(name));
                map.insert((*name).to_owned(), value);
                self.found.changed = true;
            }
        }
        if node.required.iter().any(|name| !map.contains_key(*name)) {
            self.found.invalid = true;
        }
    }

    fn list(&mut self, items: &mut [Value], node: &Node, trail: &Trail<'_>) {
        // Where the schema knows no items, every field inside them is unknown.
        let unknown = Node::default();
        let child = match node.items() {
            Some(child) => child,
            None if node.open => return,
            None => &unknown,
        };
        for (index, item) in items.iter_mut().enumerate() {
            if item.is_null()
                && child.refuses_null()
                && let Some(default) = child.default
            {
                *item = default.clone();
                self.found.changed = true;
            }
            let trail = trail.index(index);
            if item.is_null() && child.refuses_null() {
                self.found.invalid |= !child.types.is_empty();
            } else {
                self.value(item, child, &trail);
            }
        }
        if node.min_items.is_some_and(|min| items.len() < min)
            || node.max_items.is_some_and(|max| items.len() > max)
        {
            self.found.invalid = true;
        }
        match &node.list {
            List::Atomic => {}
            List::Set => self.repeated(items, &[], trail),
            List::Map(keys) => {
                let no_maps = items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| !item.is_object() && !item.is_null());
                let no_maps: Vec<_> = no_maps
                    .map(|(index, item)| (trail.index(index).path(), item.clone()))
                    .collect();
                if no_maps.is_empty() {
                    self.repeated(items, keys, trail);
                } else {
                    self.found.no_maps.extend(no_maps);
                }
            }
        }
    }

    /// Reports what stands a second time; a third time is not worth a word to Kubernetes.
    fn repeated(&mut self, items: &[Value], keys: &[&str], trail: &Trail<'_>) {
        if items.len() < 2 {
            return;
        }
        let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let text = match keys {
                [key] => item.get(*key).and_then(Value::as_str),
                _ => None,
            };
            let identity = text.map_or_else(
                || Cow::Owned(format!("\0{}", key_of(item, keys))),
                Cow::Borrowed,
            );
            let count = seen.entry(identity).or_default();
            *count += 1;
            if *count == 2 {
                let shared = key_of(item, keys);
                self.found
                    .duplicates
                    .push((trail.index(index).path(), shared));
            }
        }
    }
}

/// What identifies an item of a list: its keys, of which one that is not there counts as null; all of it without keys.
fn key_of(item: &Value, keys: &[&str]) -> Value {
    if item.is_null() || keys.is_empty() {
        return item.clone();
    }
    let part = |key: &str| item.get(key).cloned().unwrap_or_default();
    keys.iter()
        .map(|key| ((*key).to_owned(), part(key)))
        .collect::<Map<_, _>>()
        .into()
}

/// A floating-point number as the integer that it is, as long as no integer near it has the same float.
fn whole(number: f64) -> Option<i64> {
    let limit = 9_007_199_254_740_991.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "in range and without a fraction"
    )]
    (number.fract() == 0.0 && number.abs() <= limit).then_some(number as i64)
}
