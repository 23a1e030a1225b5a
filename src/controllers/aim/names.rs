//! The names of everything that AIM Engine makes (AIM Engine 0.2.1, the table of spec 2.1).

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use sha2::{Digest, Sha256};

use crate::api::aim::{
    AimServiceTemplateSpec, CustomModel, CustomTemplate, ModelSource, RecommendedDeployment,
    ServiceOverrides,
};
use crate::kube::go_json;
use crate::kube::image::{ImageError, image_parts};
use crate::kube::names::{HashInputs, derived, derived_name, derived_name_with_hash, lower};
use crate::kube::unknown::{Uid, is_unknown};

/// The namespace leaves no room for an InferenceService's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "namespace \"{namespace}\" is too long ({} chars); InferenceService hostname would exceed 63 characters",
    namespace.len()
)]
pub struct NamespaceTooLong {
    /// The namespace.
    pub namespace: String,
}

/// The InferenceService of a service. KServe's host name `<name>-predictor-<namespace>` has to fit into a label.
///
/// # Errors
/// Fewer than ten characters are left.
pub fn inference_service(service: &str, namespace: &str) -> Result<String, NamespaceTooLong> {
    let too_long = || NamespaceTooLong {
        namespace: namespace.to_owned(),
    };
    let taken = i64::try_from("-predictor-".len() + namespace.len()).map_err(|_| too_long())?;
    let room = 63 - taken;
    if room < 10 {
        return Err(too_long());
    }
    let inputs = HashInputs::texts([namespace]);
    derived(&[service], &inputs, 8, room).map_err(|_| too_long())
}

/// The HTTPRoute of a service.
#[must_use]
pub fn http_route(service: &str, namespace: &str) -> String {
    derived_name(&[service], &HashInputs::texts([namespace]))
}

/// The Shared cache of a template.
#[must_use]
pub fn shared_cache(template: &str, namespace: &str) -> String {
    derived_name(&[template], &HashInputs::texts([namespace]))
}

/// The Dedicated cache of a service.
#[must_use]
pub fn dedicated_cache(template: &str, service: &str, service_uid: &Uid) -> String {
    derived_name(&[template, service], &HashInputs::uid(service_uid))
}

/// The AIMModel made for an image.
///
/// # Errors
/// The image reference cannot be read.
pub fn model_of_image(image: &str) -> Result<String, ImageError> {
    let parts = image_parts(image)?;
    let inputs = HashInputs::texts([image]);
    Ok(derived_name(&[&parts.name, &parts.tag], &inputs))
}

/// The AIMModel made for a custom model.
#[must_use]
pub fn model_of_custom(custom: &CustomModel) -> String {
    let mut inputs = vec![custom.base_image.as_str()];
    for source in &custom.model_sources {
        inputs.push(&source.model_id);
        inputs.push(&source.source_uri);
        inputs.extend(endpoint(source));
    }
    let id = custom
        .model_sources
        .first()
        .map_or("custom-model", |source| source.model_id.as_str());
    derived_name(&[id], &HashInputs::texts(inputs))
}

/// The S3 endpoint that tells two sources of one URI apart; `None` when it is not given or empty.
pub(super) fn endpoint(source: &ModelSource) -> Option<&str> {
    source
        .env
        .iter()
        .find(|env| env.name == "AWS_ENDPOINT_URL")
        .and_then(|env| env.value.as_deref())
        .filter(|value| !value.is_empty())
}

/// The template of one recommended deployment of a model.
#[must_use]
pub fn recommended_template(
    model: &str,
    image: &str,
    deployment: &RecommendedDeployment,
) -> String {
    let text = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
    let gpu = text(&deployment.gpu_model);
    let count = deployment.gpu_count.filter(|count| *count > 0);
    let metric = text(&deployment.metric);
    let precision = text(&deployment.precision);

    let hardware = match (&gpu, count) {
        (Some(gpu), Some(count)) => Some(format!("{count}x-{gpu}")),
        (Some(gpu), None) => Some(gpu.clone()),
        (None, Some(count)) => Some(format!("x{count}")),
        (None, None) => None,
    };
    let short = metric.clone().map(|metric| match metric.as_str() {
        "latency" => "lat".to_owned(),
        "throughput" => "thr".to_owned(),
        _ => metric,
    });
    let suffix: Vec<String> = [hardware, short, precision.clone()]
        .into_iter()
        .flatten()
        .collect();
    let input: Vec<String> = [
        Some(format!("{model}-{image}")),
        gpu,
        count.map(|count| format!("x{count}")),
        metric,
        precision,
    ]
    .into_iter()
    .flatten()
    .collect();
    derived_name_with_hash(
        &[image, &suffix.join("-")],
        &HashInputs::texts([input.join("-").as_str()]),
        4,
    )
}

/// The template of a customTemplate of a model, or the single one of a model that has none.
#[must_use]
pub fn custom_template(model: &str, template: Option<&CustomTemplate>, index: usize) -> String {
    let mut parts = vec![model, "custom"];
    let mut inputs = vec![go_json::string(model), index.to_string()];
    if let Some(template) = template {
        let alias = template.name.as_deref().unwrap_or_default();
        let profile = template.profile.as_ref();
        let precision = profile.map(|p| p.precision.map_or("", |p| p.as_str()));
        let metric = profile.map(|p| p.metric.map_or("", |m| m.as_str()));
        let gpu = template.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
        let gpu_model = gpu.map(|gpu| gpu.model.as_deref().unwrap_or_default());
        parts.extend([Some(alias), precision, gpu_model].into_iter().flatten());
        parts.retain(|part| !part.is_empty());
        inputs.push(go_json::string(alias));
        inputs.extend(
            [precision, metric]
                .into_iter()
                .flatten()
                .map(go_json::string),
        );
        if let Some(gpu) = gpu {
            inputs.push(gpu.requests.unwrap_or_default().to_string());
            inputs.push(go_json::string(gpu_model.unwrap_or_default()));
        }
    }
    derived_name(&parts, &HashInputs::Json(inputs))
}

/// The template derived from a base by a service's overrides; the base's own name when no override has a name part.
#[must_use]
pub fn derived_template(base: &str, overrides: &ServiceOverrides) -> String {
    let gpu = overrides.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
    let model = gpu
        .and_then(|gpu| gpu.model.as_deref())
        .filter(|model| !model.is_empty());
    let count = gpu.and_then(|gpu| gpu.requests).filter(|count| *count > 0);
    let mut parts = vec![base.to_owned(), "ovr".to_owned()];
    let mut inputs = Vec::new();
    let mut input = |key: &str, json: String| inputs.extend([go_json::string(key), json]);
    if let Some(model) = model {
        parts.push(lower(model).collect());
        input("gpu", go_json::string(model));
    }
    if let Some(count) = count {
        parts.push(format!("{count}gpu"));
        input("count", count.to_string());
    }
    if let Some(precision) = overrides.precision {
        parts.push(precision.as_str().to_owned());
        input("precision", go_json::string(precision.as_str()));
    }
    if let Some(metric) = overrides.metric {
        parts.push(metric.as_str().to_owned());
        input("metric", go_json::string(metric.as_str()));
    }
    if inputs.is_empty() {
        return base.to_owned();
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    derived_name_with_hash(&parts, &HashInputs::Json(inputs), 4)
}

/// The AIMArtifact of a source; `dedicated_to` is the name of the Dedicated cache that it belongs to.
#[must_use]
pub fn artifact(
    source_uri: &str,
    env: &[EnvVar],
    storage_class: &str,
    dedicated_to: Option<&str>,
) -> String {
    let mut inputs = vec![
        go_json::string(source_uri),
        go_json::env_list(env),
        go_json::string(storage_class),
    ];
    if let Some(cache) = dedicated_to {
        inputs.extend([go_json::string("dedicated"), go_json::string(cache)]);
    }
    let inputs = if dedicated_to.is_some_and(is_unknown) {
        HashInputs::Unknown
    } else {
        HashInputs::Json(inputs)
    };
    derived_name_with_hash(&[&source_uri.replace('.', "-")], &inputs, 10)
}

/// What an artifact makes: `cache` is its claim, `download` and `check-size` its Jobs.
#[must_use]
pub fn of_artifact(artifact: &str, what: &str, artifact_uid: &Uid) -> String {
    derived_name(&[artifact, what], &HashInputs::uid(artifact_uid))
}

/// What a discovery Job's name hangs on, beside the template's name.
#[derive(Debug, Clone, Copy)]
pub struct DiscoveryInputs<'a> {
    /// The template's spec.
    pub spec: &'a AimServiceTemplateSpec,
    /// The template's env; none for cluster templates.
    pub env: &'a [EnvVar],
    /// The model's image.
    pub image: &'a str,
    /// The model's service account, empty for none.
    pub service_account: &'a str,
    /// The model's pull secrets.
    pub pull_secrets: &'a [LocalObjectReference],
}

/// The discovery Job of a template. The name is cut, not sanitised, and all inputs are hashed as one text.
#[must_use]
pub fn discovery_job(template: &str, inputs: &DiscoveryInputs<'_>) -> String {
    let mut text = format!(
        "{}{}{}",
        inputs.spec.model_name, inputs.image, inputs.service_account
    );
    for env in inputs.env {
        text.push_str(&env.name);
        text.push_str(env.value.as_deref().unwrap_or_default());
    }
    for secret in inputs.pull_secrets {
        text.push_str(&secret.name);
    }
    text.push_str(inputs.spec.metric.map_or("", |metric| metric.as_str()));
    text.push_str(
        inputs
            .spec
            .precision
            .map_or("", |precision| precision.as_str()),
    );
    if let Some(gpu) = inputs.spec.hardware.as_ref().and_then(|hw| hw.gpu.as_ref()) {
        text.push_str(gpu.model.as_deref().unwrap_or_default());
        text.push_str(&gpu.requests.unwrap_or_default().to_string());
    }
    text.push_str(inputs.spec.profile_id.as_deref().unwrap_or_default());
    let hash: String = Sha256::digest(text)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let cut = template.get(..45).unwrap_or(template);
    format!("discover-{cut}-{hash}")
}
