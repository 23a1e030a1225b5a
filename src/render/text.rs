//! Printing objects as YAML or JSON.

use serde_json::{Value, json};

use super::{Manifest, manifest, select::Group, yaml};
use crate::engine::{Liveness, Planned};
use crate::inventory::Origin;

/// The form of expected objects (`--expected`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expected {
    /// Commented-out YAML under a heading that names the creator.
    #[default]
    Comment,
    /// Documents that kustomize and kpt leave out.
    Docs,
    /// Not at all.
    None,
}

/// The form of the whole output (`-o`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// A stream of YAML documents.
    #[default]
    Yaml,
    /// One `List`.
    Json,
    /// One JSON object a line.
    Ndjson,
}

/// How objects are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Expected objects.
    pub expected: Expected,
    /// Output format.
    pub format: Format,
    /// Say in a comment what each object was made from.
    pub provenance: bool,
}

/// The annotation by which kustomize and kpt leave a document out.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// Prints groups of objects; YAML begins with the header.
#[must_use]
pub fn print(groups: &[Group<'_>], header: &str, look: Look) -> String {
    let shown = || {
        groups
            .iter()
            .flat_map(|group| &group.objects)
            .filter(|planned| match look.expected {
                Expected::Docs => true,
                Expected::Comment => {
                    look.format == Format::Yaml || planned.liveness == Liveness::Live
                }
                Expected::None => planned.liveness == Liveness::Live,
            })
    };
    match look.format {
        Format::Yaml => {
            let mut out = String::from(header);
            let mut heading = "";
            for planned in shown() {
                let commented =
                    look.expected == Expected::Comment && planned.liveness == Liveness::Expected;
                let creator = creator(planned);
                if commented && creator != heading {
                    out.push_str(&rule(creator));
                }
                heading = if commented { creator } else { "" };
                out.push_str(&document(planned, look, commented));
            }
            out
        }
        Format::Json => {
            let items: Vec<Value> = shown().map(|planned| value(planned, look)).collect();
            let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
            format!("{list:#}\n")
        }
        Format::Ndjson => shown()
            .map(|planned| format!("{}\n", value(planned, look)))
            .collect(),
    }
}

/// One object as a YAML document, `---` included.
#[must_use]
pub(super) fn document(planned: &Planned, look: Look, commented: bool) -> String {
    let mut out = String::from(if commented { "# ---\n" } else { "---\n" });
    if look.provenance
        && let Origin::Made { by, from } = &planned.origin
    {
        out.push_str(&format!("# from: {from}, by {}\n", by.product()));
    }
    let body = yaml::document(&value(planned, look));
    if commented {
        out.push_str(&yaml::commented(&body))
    } else {
        out.push_str(&body)
    }
    out
}

fn value(planned: &Planned, look: Look) -> Value {
    let Manifest { mut value, .. } = manifest(planned);
    if look.expected == Expected::Docs
        && planned.liveness == Liveness::Expected
        && let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
        && let Some(annotations) = metadata
            .entry("annotations")
            .or_insert_with(|| json!({}))
            .as_object_mut()
    {
        annotations.insert(LOCAL_CONFIG.to_owned(), Value::String("true".to_owned()));
    }
    value
}

fn creator(planned: &Planned) -> &'static str {
    match &planned.origin {
        Origin::Made { by, .. } => by.product(),
        Origin::Given(_) => "",
    }
}

/// The heading above expected objects of one creator.
fn rule(creator: &str) -> String {
    let text = format!("# ── expected from {creator} ");
    let dashes = 72usize.saturating_sub(text.chars().count());
    format!("{text}{}\n", "─".repeat(dashes))
}
