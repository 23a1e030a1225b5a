//! Copies as the operator writes them: what its Go types drop or rewrite on the way (AIM Engine 0.2.1).
//!
//! Empty texts and zeros that Go marks `omitempty` vanish, quantities become canonical.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::EnvVar;

use crate::api::Quantity;
use crate::api::aim::{
    CpuRequirements, GpuRequirements, Hardware, ImageMetadata, ModelSource, Resources,
};
use crate::kube::quantity;

/// An empty text is left out.
pub(super) fn text(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

/// Environment variables; an empty value is left out.
pub(super) fn env(env: &[EnvVar]) -> Vec<EnvVar> {
    let mut env = env.to_vec();
    for variable in &mut env {
        variable.value = text(&variable.value);
        let field = variable
            .value_from
            .as_mut()
            .and_then(|source| source.resource_field_ref.as_mut());
        if let Some(field) = field {
            let divisor = field.divisor.take().unwrap_or_default();
            let canonical = if divisor.0.is_empty() {
                "0".to_owned()
            } else {
                quantity::canonical(&divisor.0)
            };
            field.divisor = Some(k8s_openapi::apimachinery::pkg::api::resource::Quantity(
                canonical,
            ));
        }
    }
    env
}

fn amount(amount: &Quantity) -> Quantity {
    Quantity(quantity::canonical(amount.as_str()))
}

/// Hardware requirements.
pub(super) fn hardware(hardware: &Hardware) -> Hardware {
    Hardware {
        gpu: hardware.gpu.as_ref().map(|gpu| GpuRequirements {
            requests: gpu.requests.filter(|requests| *requests != 0),
            model: text(&gpu.model),
            min_vram: gpu.min_vram.as_ref().map(amount),
            resource_name: text(&gpu.resource_name),
        }),
        cpu: hardware.cpu.as_ref().map(|cpu| CpuRequirements {
            requests: amount(&cpu.requests),
            limits: cpu.limits.as_ref().map(amount),
        }),
    }
}

/// Model sources.
pub(super) fn sources(sources: &[ModelSource]) -> Vec<ModelSource> {
    sources
        .iter()
        .map(|source| ModelSource {
            model_id: source.model_id.clone(),
            source_uri: source.source_uri.clone(),
            size: source.size.as_ref().map(amount),
            env: env(&source.env),
        })
        .collect()
}

/// Resources of a container.
pub(super) fn resources(resources: &Resources) -> Resources {
    let amounts = |map: &BTreeMap<String, Quantity>| {
        map.iter()
            .map(|(name, quantity)| (name.clone(), amount(quantity)))
            .collect()
    };
    Resources {
        limits: amounts(&resources.limits),
        requests: amounts(&resources.requests),
        claims: resources.claims.clone(),
    }
}

/// Metadata of an image.
pub(super) fn image_metadata(metadata: &ImageMetadata) -> ImageMetadata {
    let mut metadata = metadata.clone();
    if let Some(model) = &mut metadata.model {
        model.hf_token_required = model.hf_token_required.filter(|required| *required);
        for field in [
            &mut model.canonical_name,
            &mut model.source,
            &mut model.title,
            &mut model.description_full,
            &mut model.release_notes,
        ] {
            *field = text(field);
        }
        for deployment in &mut model.recommended_deployments {
            deployment.gpu_count = deployment.gpu_count.filter(|count| *count != 0);
            for field in [
                &mut deployment.gpu_model,
                &mut deployment.precision,
                &mut deployment.metric,
                &mut deployment.profile_id,
                &mut deployment.description,
            ] {
                *field = text(field);
            }
        }
    }
    metadata
}
