//! AIM Engine's own functions against vectors recorded from them, and what holds for every derived name.

use std::collections::{BTreeMap, BTreeSet};

use aimctl::api::aim::{
    AimService, AimServiceTemplateSpec, CustomModel, CustomTemplate, CustomTemplateProfile,
    GpuRequirements, Hardware, RecommendedDeployment, ServiceOverrides,
};
use aimctl::controllers::aim::{names, path_template};
use aimctl::kube::unknown::Uid;
use aimctl::kube::{env, go_json, gpu_model, image, names as derive, size};
use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct File {
    service: Value,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    function: String,
    inputs: Value,
    output: Value,
    error: Option<String>,
}

/// What our function gives: a value, or an error's text.
type Answer = Result<Value, String>;

/// The inputs of one vector.
struct In<'a>(&'a Value);

impl In<'_> {
    fn get<T: DeserializeOwned>(&self, key: &str) -> T {
        serde_json::from_value(self.0[key].clone())
            .unwrap_or_else(|error| panic!("{key} of {}: {error}", self.0))
    }

    fn text(&self, key: &str) -> String {
        self.get(key)
    }

    fn env(&self, key: &str) -> Vec<EnvVar> {
        self.get::<Option<_>>(key).unwrap_or_default()
    }
}

/// Our answer to a vector; `None` for a function that no arm covers.
fn answer(function: &str, input: &In<'_>, service: &Value) -> Option<Answer> {
    let ok = |value: Value| Some(Ok(value));
    let text = |text: String| Some(Ok(Value::String(text)));
    match function {
        "MakeRFC1123Compliant" => text(derive::dns(&input.text("s"))),
        "SanitizeLabelValue" => Some(
            derive::label(&input.text("s"))
                .map(Value::String)
                .ok_or_else(|| "label value is empty after sanitization".to_owned()),
        ),
        "GenerateDerivedName" => Some(derived(input)),
        "ExtractImageParts" => Some(
            image::image_parts(&input.text("image"))
                .map(|parts| {
                    json!({"Registry": parts.registry, "Repository": parts.repository,
                           "Name": parts.name, "Tag": parts.tag})
                })
                .map_err(|error| error.to_string()),
        ),
        "GenerateInferenceServiceName" => Some(
            names::inference_service(&input.text("service"), &input.text("namespace"))
                .map(Value::String)
                .map_err(|error| error.to_string()),
        ),
        "GenerateHTTPRouteName" => text(names::http_route(
            &input.text("service"),
            &input.text("namespace"),
        )),
        "GenerateTemplateCacheName" => text(template_cache(input)),
        "GenerateModelName" => Some(
            names::model_of_image(&input.text("image"))
                .map(Value::String)
                .map_err(|error| format!("invalid image URI {:?}: {error}", input.text("image"))),
        ),
        "GenerateCustomModelName" => {
            let mut custom = input.0["custom"].clone();
            if custom["modelSources"].is_null() {
                custom["modelSources"] = json!([]);
            }
            let custom: CustomModel = serde_json::from_value(custom).expect("a custom model");
            text(names::model_of_custom(&custom))
        }
        "GenerateTemplateName" => text(names::recommended_template(
            &input.text("model"),
            &input.text("image"),
            &input.get::<RecommendedDeployment>("deployment"),
        )),
        "generateCustomTemplateName" => text(custom_template(input)),
        "generateDerivedTemplateName" => text(derived_template(input)),
        "generateArtifactName" => {
            let merged = env::merge(&input.env("cacheEnv"), &input.env("sourceEnv"));
            let cache = input.text("cacheName");
            let dedicated = (input.text("mode") == "Dedicated").then_some(cache.as_str());
            text(names::artifact(
                &input.text("sourceUri"),
                &merged,
                &input.text("storageClass"),
                dedicated,
            ))
        }
        "GenerateCachePvcName" => text(of_artifact(input, "cache")),
        "getDownloadJobName" => text(of_artifact(input, "download")),
        "getCheckSizeJobName" => text(of_artifact(input, "check-size")),
        "BuildDiscoveryJob.name" => text(discovery_job(input)),
        "NormalizeGPUModel" => text(gpu_model::normalize(&input.text("model"))),
        "MapAMDDeviceIDToModel" => text(gpu_model::of_device_id(&input.text("id"))),
        "ParseVRAMToBytes" => ok(json!(gpu_model::parse_vram(&input.text("vram")))),
        "ExtractAMDModel" => {
            let labels: BTreeMap<String, String> = input.get("labels");
            text(aimctl::inventory::gpu_of_labels(&labels).unwrap_or_default())
        }
        "parseRecommendedDeployments" => Some(
            aimctl::inventory::catalog::recommended_deployments(&input.text("label"))
                .map(|list| serde_json::to_value(list).expect("plain data")),
        ),
        "MergeEnvVars" => {
            let merged = env::merge_engine_args(&input.env("defaults"), &input.env("overrides"))?;
            ok(match merged.as_slice() {
                [] => Value::Null,
                list => json!(list),
            })
        }
        "MergeJSONEnvVarValues" => Some(
            env::merge_json(&input.text("base"), &input.text("higher"))
                .map(Value::String)
                .ok_or_else(|| "PANIC: assignment to entry in nil map".to_owned()),
        ),
        "ResolveServiceRoutePath" => Some(route_path(&input.text("pathTemplate"), service)),
        "FormatBytesHumanReadable" => text(size::human(input.get("bytes"))?),
        "QuantityWithHeadroom" => text(size::claim_storage(
            input.get("bytes"),
            input.get("percent"),
        )),
        _ => None,
    }
}

fn route_path(template: &str, service: &Value) -> Answer {
    // The rows were made with an object that has neither TypeMeta nor a creation time; the operator's have both.
    match template {
        "/{.kind}" | "/{.apiVersion}" => return Ok(json!("/")),
        "/{.metadata}" => {
            return Ok(json!(
                "/qwen-chat--team-a--9f0c6a52-7f1d-4e5e-9a55-3b8a6f6e2f11--0-0001"
            ));
        }
        _ => {}
    }
    let service: AimService = serde_json::from_value(service.clone()).expect("a service");
    let uid = Uid::Given(service.metadata.uid.clone().expect("it has a UID"));
    path_template::render(template, &service, &uid)
        .map(Value::String)
        .map_err(|error| error.to_string())
}

/// A hash input as AIM Engine normalises it: a map becomes the list of its keys and values, an env list stays.
fn hash_input(value: &Value) -> String {
    fn flat(value: &Value) -> Value {
        match value {
            Value::Object(map) => map
                .iter()
                .flat_map(|(key, value)| [json!(key), flat(value)])
                .collect(),
            Value::Array(items) => items.iter().map(flat).collect(),
            other => other.clone(),
        }
    }
    match serde_json::from_value::<Vec<EnvVar>>(value.clone()) {
        Ok(list) if !list.is_empty() => go_json::env_list(&list),
        _ => go_json::value(&flat(value)),
    }
}

fn derived(input: &In<'_>) -> Answer {
    let parts: Option<Vec<String>> = input.get("parts");
    let parts = parts.unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let inputs = match input.get::<Option<Vec<Value>>>("hash") {
        Some(inputs) => derive::HashInputs::Json(inputs.iter().map(hash_input).collect()),
        None => derive::HashInputs::None,
    };
    derive::derived(
        &parts,
        &inputs,
        input.get("hashLength"),
        input.get("maxLength"),
    )
    .map(Value::String)
    .map_err(|error| error.to_string())
}

fn template_cache(input: &In<'_>) -> String {
    let template = input.text("template");
    match input.text("mode").as_str() {
        "Dedicated" | "Never" => names::dedicated_cache(
            &template,
            &input.text("service"),
            &Uid::Given(input.text("serviceUID")),
        ),
        _ => names::shared_cache(&template, &input.text("namespace")),
    }
}

/// The vectors leave fields out where ours are empty texts.
fn some<T: DeserializeOwned>(value: &Value) -> Option<T> {
    (!value.is_null() && value != "")
        .then(|| serde_json::from_value(value.clone()).expect("a value of the field"))
}

fn gpu(value: &Value) -> Option<Hardware> {
    let gpu: GpuRequirements = some(value)?;
    Some(Hardware {
        gpu: Some(gpu),
        cpu: None,
    })
}

fn custom_template(input: &In<'_>) -> String {
    let template = some::<Value>(&input.0["template"]).map(|template| CustomTemplate {
        name: some(&template["name"]),
        hardware: gpu(&template["gpu"]),
        profile: some::<CustomTemplateProfile>(&template["profile"]),
        ..CustomTemplate::default()
    });
    names::custom_template(&input.text("model"), template.as_ref(), input.get("index"))
}

fn derived_template(input: &In<'_>) -> String {
    let overrides = &input.0["overrides"];
    let overrides = ServiceOverrides {
        metric: some(&overrides["metric"]),
        precision: some(&overrides["precision"]),
        hardware: gpu(&overrides["gpu"]),
    };
    names::derived_template(&input.text("base"), &overrides)
}

fn of_artifact(input: &In<'_>, what: &str) -> String {
    let uid = Uid::Given(input.text("uid"));
    names::of_artifact(&input.text("artifact"), what, &uid)
}

fn discovery_job(input: &In<'_>) -> String {
    let spec = AimServiceTemplateSpec {
        model_name: input.text("model"),
        metric: input.get("metric"),
        precision: input.get("precision"),
        hardware: input.get("hardware"),
        profile_id: input.get("profileId"),
        ..AimServiceTemplateSpec::default()
    };
    let secrets: Option<Vec<LocalObjectReference>> = input.get("pullSecrets");
    names::discovery_job(
        &input.text("template"),
        &names::DiscoveryInputs {
            spec: &spec,
            env: &input.env("env"),
            image: &input.text("image"),
            service_account: &input.text("serviceAccount"),
            pull_secrets: &secrets.unwrap_or_default(),
        },
    )
}

#[test]
fn every_vector_is_equal() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/names.json");
    let file = std::fs::read_to_string(path).expect("the vectors are there");
    let file: File = serde_json::from_str(&file).expect("the vectors have this shape");
    assert_eq!(file.vectors.len(), 511);
    let mut wrong = Vec::new();
    let mut unanswered = BTreeSet::new();
    for vector in &file.vectors {
        let expected = match &vector.error {
            Some(error) => Err(error.clone()),
            None => Ok(vector.output.clone()),
        };
        match answer(&vector.function, &In(&vector.inputs), &file.service) {
            None => {
                unanswered.insert(vector.function.as_str());
            }
            Some(ours) if ours == expected => {}
            Some(ours) => wrong.push(format!(
                "{} {}\n  expected {expected:?}\n  ours     {ours:?}",
                vector.function, vector.inputs
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unanswered.is_empty(), "not covered: {unanswered:?}");
}

fn is_dns_label(name: &str, max: usize) -> bool {
    !name.is_empty()
        && name.len() <= max
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

proptest! {
    #[test]
    fn derived_names_are_dns_labels(
        parts in prop::collection::vec(".{0,80}", 1..5),
        hash in prop::option::of(".{0,20}"),
        max in 20_usize..=63,
    ) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let inputs = match &hash {
            Some(text) => derive::HashInputs::texts([text.as_str()]),
            None => derive::HashInputs::None,
        };
        let name = derive::derived(&parts, &inputs, 8, max as i64).expect("parts and limit are fine");
        prop_assert!(is_dns_label(&name, max), "{name}");
        prop_assert_eq!(name, derive::derived(&parts, &inputs, 8, max as i64).expect("again"));
    }

    #[test]
    fn other_hash_inputs_give_another_name(part in ".{0,80}", a in ".{0,20}", b in ".{0,20}") {
        prop_assume!(a != b);
        let name = |text: &str| derive::derived_name(&[&part], &derive::HashInputs::texts([text]));
        prop_assert_ne!(name(&a), name(&b));
    }

    #[test]
    fn labels_are_label_values(text in ".{0,120}") {
        if let Some(label) = derive::label(&text) {
            prop_assert!(label.len() <= 63);
            prop_assert!(label.starts_with(|c: char| c.is_ascii_alphanumeric()));
            prop_assert!(label.ends_with(|c: char| c.is_ascii_alphanumeric()));
            prop_assert_eq!(derive::label(&label), Some(label.clone()));
        }
    }

    #[test]
    fn an_inference_service_leaves_room_for_its_host_name(
        service in "[a-z0-9][a-z0-9.-]{0,70}",
        namespace in "[a-z][a-z0-9-]{0,41}",
    ) {
        let name = names::inference_service(&service, &namespace).expect("the namespace is short enough");
        prop_assert!(is_dns_label(&name, 63 - "-predictor-".len() - namespace.len()), "{name}");
    }
}
