//! From the types to schemas: the form that CRDs hold (structural), and the form that is published for editors.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::api::CustomResource;
use crate::api::aim::markers::{DOUBLED, REQUIRED};
use crate::api::aim::{
    AimArtifact, AimClusterModel, AimClusterModelSource, AimClusterRuntimeConfig,
    AimClusterServiceTemplate, AimModel, AimRuntimeConfig, AimService, AimServiceTemplate,
    AimTemplateCache,
};
use crate::api::gateway::HttpRoute;
use crate::api::keda::ScaledObject;
use crate::api::kserve::InferenceService;
use crate::api::otel::OpenTelemetryCollector;
use crate::inventory::Kind;

/// The structural schema of a kind, made from its types, documentation included; `None` for kinds without types here.
pub(super) fn of(kind: Kind) -> Option<Value> {
    Some(match kind {
        Kind::AimService => structural::<AimService>(),
        Kind::AimModel => structural::<AimModel>(),
        Kind::AimClusterModel => structural::<AimClusterModel>(),
        Kind::AimServiceTemplate => structural::<AimServiceTemplate>(),
        Kind::AimClusterServiceTemplate => cluster_template(),
        Kind::AimTemplateCache => structural::<AimTemplateCache>(),
        Kind::AimArtifact => structural::<AimArtifact>(),
        Kind::AimRuntimeConfig => structural::<AimRuntimeConfig>(),
        Kind::AimClusterRuntimeConfig => structural::<AimClusterRuntimeConfig>(),
        Kind::AimClusterModelSource => structural::<AimClusterModelSource>(),
        Kind::InferenceService => structural::<InferenceService>(),
        Kind::HttpRoute => structural::<HttpRoute>(),
        Kind::ScaledObject => structural::<ScaledObject>(),
        Kind::OpenTelemetryCollector => structural::<OpenTelemetryCollector>(),
        _ => return None,
    })
}

/// The two kinds of template share their type, but only a namespaced one can have a cache of its own.
fn cluster_template() -> Value {
    let mut source = structural::<AimClusterServiceTemplate>();
    let fields = source.pointer_mut("/properties/spec/properties");
    if let Some(fields) = fields.and_then(Value::as_object_mut) {
        fields.remove("caching");
    }
    source
}

/// The structural schema of a custom resource, made from the types of its parts, documentation included.
fn structural<T>() -> Value
where
    T: CustomResource<Spec: JsonSchema, Status: JsonSchema>,
{
    let mut generator = generator();
    json!({
        "type": "object",
        "description": T::DOC.trim(),
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": part::<T::Spec>(&mut generator),
            "status": part::<T::Status>(&mut generator),
        },
    })
}

pub(super) fn generator() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.into_generator()
}

pub(super) fn part<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    let mut schema = T::json_schema(generator).to_value();
    restructure(&mut schema);
    schema
}

/// Rewrites what schemars makes of Rust's types into the form that structural schemas have.
fn restructure(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    drop_null(map);
    collect_variants(map);
    if map.remove(DOUBLED).is_some()
        && let Some(values) = map.remove("enum")
    {
        map.insert(
            "allOf".to_owned(),
            json!([{"enum": values}, {"enum": values}]),
        );
    }
    require_marked(map);
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(restructure)
            }
            ("items" | "additionalProperties", value) => restructure(value),
            _ => {}
        }
    }
}

/// Fields that Rust can do without and the CRD cannot.
fn require_marked(map: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = map.get_mut("properties") else {
        return;
    };
    let marked: Vec<Value> = properties
        .iter_mut()
        .filter_map(|(name, schema)| {
            schema
                .as_object_mut()?
                .remove(REQUIRED)
                .map(|_| json!(name))
        })
        .collect();
    if let Value::Array(required) = map.entry("required").or_insert_with(|| json!([])) {
        required.extend(marked);
        if required.is_empty() {
            map.remove("required");
        }
    }
}

/// `Option` may be null in Rust's JSON; Kubernetes drops nulls before it looks.
fn drop_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            map.insert("type".to_owned(), one);
        }
    }
    for key in ["enum", "anyOf"] {
        let Some(Value::Array(options)) = map.get_mut(key) else {
            continue;
        };
        let count = options.len();
        options.retain(|option| {
            !option.is_null() && option.get("type").and_then(Value::as_str) != Some("null")
        });
        if key == "anyOf"
            && options.len() < count
            && options.len() == 1
            && let Some(Value::Object(inner)) = options.pop()
        {
            map.remove(key);
            for (key, value) in inner {
                map.entry(key).or_insert(value);
            }
        }
    }
}

/// Variants with documentation are `oneOf` constants; a structural schema has one enumeration. The documentation of
/// each value goes to `enumDescriptions`, which editors show.
fn collect_variants(map: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = map.get("oneOf") else {
        return;
    };
    let documented: Option<Vec<(Value, Value)>> = variants
        .iter()
        .map(|variant| {
            Some((
                variant.get("const")?.clone(),
                variant.get("description")?.clone(),
            ))
        })
        .collect();
    let Some(documented) = documented else { return };
    // A field may allow some of the variants only, or in another order.
    let allowed = map.get("enum").and_then(Value::as_array).cloned();
    let (values, docs): (Vec<Value>, Vec<Value>) = match allowed {
        None => documented.into_iter().unzip(),
        Some(allowed) => allowed
            .into_iter()
            .filter_map(|value| {
                documented
                    .iter()
                    .find(|(other, _)| *other == value)
                    .cloned()
            })
            .unzip(),
    };
    map.remove("oneOf");
    map.insert("type".to_owned(), json!("string"));
    map.insert("enum".to_owned(), values.into());
    map.insert("enumDescriptions".to_owned(), docs.into());
}
