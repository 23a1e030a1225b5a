//! The Job that finds out how an image would run a template, and its answer (AIM Engine 0.2.1, spec 2.4 and 2.19).

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, PodSecurityContext, PodSpec, PodTemplateSpec, SeccompProfile,
    SecurityContext,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::health::observed;
use super::super::names::{self, DiscoveryInputs};
use super::super::view::{Model, Scope, Template};
use crate::api::Quantity;
use crate::api::aim::{AimServiceTemplateSpec, ModelSource, Profile, ProfileMetadata};
use crate::inventory::catalog::{self, CatalogProfile, Wanted};
use crate::inventory::{Object, World};
use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// The operator's own namespace, where discovery for cluster templates runs (spec 2.19).
const OPERATOR_NAMESPACE: &str = "aim-system";

/// What came of a template's discovery.
pub(super) enum Outcome<'w> {
    /// There is no Job.
    NoJob,
    /// A dump shows it at work.
    Running(&'w Job),
    /// It found a profile.
    Found(&'w Job, &'static CatalogProfile),
    /// It failed: by its status, or because the image has no such profile.
    Failed(&'w Job),
}

/// The namespace of a template's discovery Job.
pub(super) fn namespace<'a>(template: &Template<'a>) -> &'a str {
    match template.scope {
        Scope::Namespace => template.namespace(),
        Scope::Cluster => OPERATOR_NAMESPACE,
    }
}

/// Looks for the template's Job and plays it to its end with the catalog's profiles.
pub(super) fn outcome<'w>(template: &Template<'_>, world: &'w World) -> Outcome<'w> {
    let label = aim_label("template");
    let job = world.list::<Job>(namespace(template)).find(|job| {
        let labels = job.metadata.labels.as_ref();
        labels
            .and_then(|labels| labels.get(&label))
            .map(String::as_str)
            == Some(template.name())
    });
    let Some(job) = job else {
        return Outcome::NoJob;
    };
    // A given status stays as it is; a Job without any is played.
    let at_work = job
        .status
        .as_ref()
        .is_some_and(|status| status.active.is_some_and(|pods| pods > 0));
    if at_work && !observed::job_succeeded(job) && !observed::job_failed(job) {
        return Outcome::Running(job);
    }
    let container = job
        .spec
        .as_ref()
        .and_then(|spec| spec.template.spec.as_ref()?.containers.first());
    let env = container.and_then(|container| container.env.as_deref());
    let image = container.and_then(|container| container.image.as_deref());
    let found = profile(image.unwrap_or_default(), env.unwrap_or_default(), world);
    match found {
        Some(profile) if !observed::job_failed(job) => Outcome::Found(job, profile),
        _ => Outcome::Failed(job),
    }
}

/// The profile of an image that discovery with these variables finds.
pub(super) fn profile(
    image: &str,
    env: &[EnvVar],
    world: &World,
) -> Option<&'static CatalogProfile> {
    if !world.facts().catalog {
        return None;
    }
    // The last of several variables of one name is the container's.
    let get = |name: &str| {
        let variable = env.iter().rfind(|variable| variable.name == name)?;
        variable.value.clone().filter(|value| !value.is_empty())
    };
    catalog::find(image)?.discover(&Wanted {
        profile_id: get("AIM_PROFILE_ID"),
        gpu_model: get("AIM_GPU_MODEL"),
        gpu_count: get("AIM_GPU_COUNT"),
        metric: get("AIM_METRIC"),
        precision: get("AIM_PRECISION"),
    })
}

/// The container's variables: quiet logs, the template's own, what the spec asks for.
pub(super) fn env(spec: &AimServiceTemplateSpec, own: &[EnvVar]) -> Vec<EnvVar> {
    let variable = |name: &str, value: String| EnvVar {
        name: name.to_owned(),
        value: Some(value),
        value_from: None,
    };
    let gpu = spec.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
    let asked = [
        (
            "AIM_METRIC",
            spec.metric.map(|metric| metric.as_str().to_owned()),
        ),
        (
            "AIM_PRECISION",
            spec.precision
                .map(|precision| precision.as_str().to_owned()),
        ),
        ("AIM_GPU_MODEL", gpu.and_then(|gpu| gpu.model.clone())),
        (
            "AIM_GPU_COUNT",
            gpu.and_then(|gpu| gpu.requests)
                .filter(|count| *count > 0)
                .map(|count| count.to_string()),
        ),
        ("AIM_PROFILE_ID", spec.profile_id.clone()),
    ];
    let quiet = ["AIM_LOG_LEVEL_ROOT", "AIM_LOG_LEVEL"];
    quiet
        .iter()
        .map(|name| variable(name, "CRITICAL".to_owned()))
        .chain(super::super::go_form::env(own))
        .chain(asked.into_iter().filter_map(|(name, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some(variable(name, value))
        }))
        .collect()
}

/// The discovery Job of a template.
pub(super) fn job(template: &Template<'_>, model: &Model<'_>) -> Object {
    // Cluster templates have no env.
    let own: &[EnvVar] = match template.scope {
        Scope::Namespace => &template.spec.env,
        Scope::Cluster => &[],
    };
    let service_account = model
        .spec
        .service_account_name
        .as_deref()
        .unwrap_or_default();
    let name = names::discovery_job(
        template.name(),
        &DiscoveryInputs {
            spec: template.spec,
            env: own,
            image: &model.spec.image,
            service_account,
            pull_secrets: &model.spec.image_pull_secrets,
        },
    );
    let template_label = (aim_label("template"), template.name().to_owned());
    let labels = [
        ("app.kubernetes.io/name", "aim-discovery"),
        ("app.kubernetes.io/component", "discovery"),
        ("app.kubernetes.io/managed-by", "aim-controller"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into_iter()
    .chain([template_label.clone()])
    .collect();
    let container = Container {
        name: "discovery".to_owned(),
        image: Some(model.spec.image.clone()),
        args: Some(vec!["dry-run".to_owned(), "--format=json".to_owned()]),
        env: Some(env(template.spec, own)),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            run_as_non_root: Some(true),
            capabilities: Some(Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                add: None,
            }),
            ..SecurityContext::default()
        }),
        ..Container::default()
    };
    let secrets = &model.spec.image_pull_secrets;
    let pod = PodSpec {
        restart_policy: Some("Never".to_owned()),
        image_pull_secrets: (!secrets.is_empty()).then(|| secrets.clone()),
        service_account_name: (!service_account.is_empty()).then(|| service_account.to_owned()),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(65532),
            seccomp_profile: Some(SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                localhost_profile: None,
            }),
            ..PodSecurityContext::default()
        }),
        containers: vec![container],
        ..PodSpec::default()
    };
    Object::Job(Job {
        metadata: ObjectMeta {
            name: Some(name),
            namespace: Some(namespace(template).to_owned()),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(JobSpec {
            backoff_limit: Some(0),
            ttl_seconds_after_finished: Some(60),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta {
                    labels: Some(BTreeMap::from([template_label])),
                    ..ObjectMeta::default()
                }),
                spec: Some(pod),
            },
            ..JobSpec::default()
        }),
        status: None,
    })
}

/// A catalog profile as a template's status holds it.
pub(super) fn status_profile(profile: &CatalogProfile) -> Profile {
    Profile {
        engine_args: Some(profile.engine_args.clone()),
        env_vars: profile.env_vars.clone(),
        metadata: Some(ProfileMetadata {
            engine: Some(profile.engine.clone()),
            gpu: Some(profile.gpu_model.clone()),
            gpu_count: Some(profile.gpu_count),
            metric: Some(profile.metric),
            precision: Some(profile.precision),
            r#type: Some(profile.r#type),
        }),
        original_discovery_output: None,
    }
}

/// The weights of a profile; only the download tells their size.
pub(super) fn sources(profile: &CatalogProfile) -> Vec<ModelSource> {
    vec![ModelSource {
        model_id: profile.model_id.clone(),
        source_uri: format!("hf://{}", profile.model_id),
        size: Some(Quantity(KNOWN_AFTER_APPLY.to_owned())),
        env: Vec::new(),
    }]
}
