//! The annotations that pause a ScaledObject (spec 4.1, 4.2).

use crate::api::keda::ScaledObject;

/// What the annotations ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pause {
    /// Stop scaling.
    pub(super) all: bool,
    /// Hold this many replicas: `autoscaling.keda.sh/paused-replicas`, when it is a number.
    pub(super) replicas: Option<i32>,
    /// Never remove replicas.
    pub(super) scale_in: bool,
    /// Never add replicas.
    pub(super) scale_out: bool,
}

impl Pause {
    /// Reads the annotations.
    pub(super) fn of(object: &ScaledObject) -> Self {
        let get = |name: &str| {
            object
                .metadata
                .annotations
                .as_ref()
                .and_then(|annotations| annotations.get(&format!("autoscaling.keda.sh/{name}")))
        };
        let flag = |name: &str| get(name).is_some_and(|text| !is_false(text));
        let replicas = get("paused-replicas");
        Self {
            all: replicas.is_some() || flag("paused"),
            replicas: replicas.and_then(|text| text.parse().ok()),
            scale_in: flag("paused-scale-in"),
            scale_out: flag("paused-scale-out"),
        }
    }
}

/// Go's `strconv.ParseBool` says false; whatever it cannot read counts as true.
fn is_false(text: &str) -> bool {
    matches!(text, "0" | "f" | "F" | "false" | "FALSE" | "False")
}
