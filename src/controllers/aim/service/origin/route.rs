//! Where the fields of a service's HTTPRoute come from (AIM Engine 0.2.1, spec 2.13).

use serde_json::Value;

use super::{Trace, origin};
use crate::api::aim::Routing;
use crate::controllers::FieldOrigin;
use crate::diag::FieldPath;

const NOTE: &str = "makes the route (spec 2.13)";

impl Trace<'_> {
    /// The service's routing block, else the runtime config that gives the setting.
    pub(super) fn route(&self, keys: &[&str]) -> Vec<FieldOrigin> {
        if let ["metadata", "name", ..] = keys {
            return self.at("metadata.name", NOTE);
        }
        let path = FieldPath::parse("spec.routing").join(&written_as(keys));
        let own = self.spec.routing.as_ref();
        // Annotations are the config's alone, and the service's gateway counts as a whole.
        let gateway = matches!(keys, ["spec", "parentRefs", ..])
            && own.is_some_and(|routing| routing.gateway_ref.is_some());
        let annotations = matches!(keys, ["metadata", "annotations", ..]);
        if gateway || (!annotations && setting(own, &path) != Setting::Absent) {
            return self.field(path, NOTE);
        }
        let configs = self.configs();
        let with = |wanted: Setting| {
            let mut configs = configs.iter();
            let found = configs.find(|(_, spec)| setting(spec.routing.as_ref(), &path) == wanted);
            found.map(|(config, _)| vec![origin(config.clone(), path.clone(), NOTE)])
        };
        // A zero in the namespaced config overrides nothing, and counts where nothing is below it (spec 2.7).
        with(Setting::Value)
            .or_else(|| with(Setting::Zero))
            .unwrap_or_else(|| match keys {
                ["spec", "rules", _, "matches", ..] => self.at(
                    "metadata.namespace",
                    "has no path template here, so the path is the namespace and the service's UID (spec 2.13)",
                ),
                _ => Vec::new(),
            })
    }
}

/// The setting of a routing block that a field of the route is made from.
fn written_as(keys: &[&str]) -> FieldPath {
    let root = FieldPath::root();
    match keys {
        ["spec", "parentRefs", _, field, ..] => root.key("gatewayRef").key(field),
        ["spec", "parentRefs", ..] => root.key("gatewayRef"),
        ["spec", "rules", _, "matches", ..] => root.key("pathTemplate"),
        ["spec", "rules", _, "timeouts", ..] => root.key("requestTimeout"),
        ["metadata", "annotations", key, ..] => root.key("annotations").key(key),
        ["metadata", "annotations"] => root.key("annotations"),
        _ => root.key("enabled"),
    }
}

/// What a routing block says of one of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// Nothing.
    Absent,
    /// `false`, `0` or an empty text.
    Zero,
    /// Something else.
    Value,
}

/// What a routing block says of the field at `spec.routing.…`.
fn setting(routing: Option<&Routing>, path: &FieldPath) -> Setting {
    let value = routing.and_then(|routing| serde_json::to_value(routing).ok());
    let path = path.strip_prefix(&FieldPath::parse("spec.routing"));
    let value = value
        .as_ref()
        .zip(path)
        .and_then(|(value, path)| value.pointer(&path.pointer()));
    match value {
        None | Some(Value::Null) => Setting::Absent,
        Some(Value::Bool(false)) => Setting::Zero,
        Some(Value::String(text)) if text.is_empty() => Setting::Zero,
        Some(Value::Number(number)) if number.as_i64() == Some(0) => Setting::Zero,
        Some(Value::Object(map)) if map.is_empty() => Setting::Absent,
        Some(_) => Setting::Value,
    }
}
