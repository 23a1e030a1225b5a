//! The CEL rules that AIM's CRDs hold (AIM Engine 0.2.1), as additions to the schemas.

use schemars::Schema;
use schemars::transform::Transform;
use serde_json::{Value, json};

/// Nothing may change once the value is there.
pub const UNCHANGED: &str = "self == oldSelf";
/// `spec.model` of an AIMService.
pub const ONE_MODEL: &str =
    "(has(self.name) ? 1 : 0) + (has(self.image) ? 1 : 0) + (has(self.custom) ? 1 : 0) == 1";
/// `spec.model.custom` of an AIMService.
pub const ANY_SOURCE: &str = "size(self.modelSources) >= 1";
/// Every `hardware`.
pub const GPU_OR_CPU: &str = "has(self.gpu) || has(self.cpu)";
/// Every `hardware.gpu`.
pub const MODEL_OR_VRAM: &str = "!(has(self.model) && size(self.model) > 0 && has(self.minVram))";
/// `spec` of a model.
pub const TEMPLATES_WITH_HARDWARE: &str = "!has(self.modelSources) || size(self.modelSources) == 0 || (has(self.custom) && has(self.custom.hardware)) || !has(self.customTemplates) || size(self.customTemplates) == 0 || self.customTemplates.all(t, has(t.hardware) || (has(self.custom) && has(self.custom.hardware)))";

fn add(schema: &mut Schema, rule: &str, message: &str) {
    let rules = schema
        .ensure_object()
        .entry("x-kubernetes-validations")
        .or_insert_with(|| json!([]));
    if let Value::Array(rules) = rules {
        rules.push(json!({"rule": rule, "message": message}));
    }
}

/// Makes a field immutable; `message` is what the API server says then.
pub(super) fn immutable(message: &'static str) -> impl Transform {
    move |schema: &mut Schema| add(schema, UNCHANGED, message)
}

pub(super) fn service_model(schema: &mut Schema) {
    let message = "exactly one of name, image, or custom must be specified";
    add(schema, ONE_MODEL, message);
}

pub(super) fn custom_model(schema: &mut Schema) {
    let message = "at least one model source must be specified";
    add(schema, ANY_SOURCE, message);
}

pub(super) fn hardware(schema: &mut Schema) {
    add(
        schema,
        GPU_OR_CPU,
        "at least one of gpu or cpu must be specified",
    );
}

pub(super) fn gpu(schema: &mut Schema) {
    let message = "model and minVram are mutually exclusive; specify either a specific GPU model OR a minimum VRAM requirement, not both";
    add(schema, MODEL_OR_VRAM, message);
}

pub(super) fn model(schema: &mut Schema) {
    let message = "when using modelSources, hardware must be specified: set custom.hardware (inherited by all templates) or set hardware on each template individually";
    add(schema, TEMPLATES_WITH_HARDWARE, message);
}
