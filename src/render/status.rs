//! The status that each AIMService would end with (`render --status`).

use serde_json::{Value, json};

use super::select::Selection;
use super::text::Format;
use super::yaml;
use crate::engine::Plan;
use crate::inventory::Kind;

/// Each AIMService with its status, in the order of the documents.
#[must_use]
pub fn statuses(plan: &Plan, selection: &Selection, format: Format) -> String {
    let services = plan.given().filter(|key| {
        key.kind == Kind::AimService
            && (selection.services.is_empty() || selection.services.contains(&key.name))
    });
    let items: Vec<Value> = services
        .filter_map(|key| plan.world.object(key))
        .map(|object| {
            let whole = object.to_value();
            let metadata = object.metadata();
            json!({
                "apiVersion": whole.get("apiVersion"),
                "kind": whole.get("kind"),
                "metadata": {"name": metadata.name, "namespace": metadata.namespace},
                "status": whole.get("status"),
            })
        })
        .collect();
    match format {
        Format::Yaml => items
            .iter()
            .map(|item| format!("---\n{}", yaml::document(item)))
            .collect(),
        Format::Json => format!(
            "{:#}\n",
            json!({"apiVersion": "v1", "kind": "List", "items": items})
        ),
        Format::Ndjson => items.iter().map(|item| format!("{item}\n")).collect(),
    }
}
