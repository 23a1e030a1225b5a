//! The weights: a cache that never comes, that failed, that somebody else writes too, or that needs a token (M130, M132,
//! M137, L505; AIM Engine 0.2.1, spec 2.12).

use k8s_openapi::api::core::v1::EnvVar;

use super::super::super::names;
use super::super::super::view::Template;
use super::super::observe::{ModelOutcome, Observation};
use super::super::{cache, choice, inference_service};
use super::{configs, field};
use crate::api::aim::{AimTemplateCacheSpec, ObjectStatus};
use crate::controllers::Creator;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, Object, ObjectKey, catalog};
use crate::rules;

/// The variable that the download reads its token from.
const TOKEN: &str = "HF_TOKEN";

pub(super) fn of(seen: &Observation<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(template) = seen.found_template() {
        findings.extend(no_sources(seen, &template));
        findings.extend(overwritten(seen, &template));
    }
    findings.extend(failed(seen));
    findings.extend(token_missing(seen));
    findings
}

/// A ready template whose status names no sources.
fn no_sources(seen: &Observation<'_>, template: &Template<'_>) -> Option<Finding> {
    let sources = template.status.map(|status| status.model_sources.len());
    if !template.is_ready() || sources.unwrap_or_default() > 0 || seen.cache.is_some() {
        return None;
    }
    let key = template.key();
    let message = format!("the status of {key} names no model sources");
    Some(
        Finding::new(
            &rules::M132,
            field(seen, choice::template_field(seen)),
            message,
        )
        .consequence(
            "there is never a cache, and so never an InferenceService: the service stays Starting",
        )
        .help("give the template spec.modelSources, or let its discovery run again")
        .related(
            Place::field(key, FieldPath::parse("status.modelSources")),
            "the template",
        ),
    )
}

fn failed(seen: &Observation<'_>) -> Option<Finding> {
    let failed = seen
        .cache
        .filter(|found| cache::state(found) == Some(ObjectStatus::Failed))?;
    let name = failed.metadata.name.as_deref().unwrap_or_default();
    let key = ObjectKey::new(Kind::AimTemplateCache, seen.namespace(), name);
    Some(
        Finding::new(
            &rules::M137,
            field(seen, choice::template_field(seen)),
            format!("the cache {name}, which the service uses, is Failed"),
        )
        .refusal("Template cache failed")
        .consequence(if inference_service::is_due(seen) {
            "the service is Failed (CacheFailed); what runs keeps its volumes"
        } else {
            "the service is Failed (CacheFailed), nothing is tried again, and there is no InferenceService"
        })
        .help(format!(
            "find out why its artifacts failed, then kubectl delete aimtemplatecache {name} -n {} and delete the failed artifacts: they are made anew",
            seen.namespace()
        ))
        .related(Place::field(key, FieldPath::parse("status.status")), "the cache"),
    )
}

/// The shared cache as another service wrote it last.
fn overwritten(seen: &Observation<'_>, template: &Template<'_>) -> Option<Finding> {
    if seen.is_dedicated() || !template.is_ready() {
        return None;
    }
    let name = names::shared_cache(template.name(), seen.namespace());
    let key = ObjectKey::new(Kind::AimTemplateCache, seen.namespace(), &name);
    let entry = seen.world.entry(&key)?;
    let last = entry.managed.applied.get(&Creator::AimService)?;
    let other = last.label("aim.eai.amd.com/service.name")?;
    let Object::AimTemplateCache(theirs) = last.as_ref() else {
        return None;
    };
    if other == seen.name() {
        return None;
    }
    let own = cache::spec(seen, template);
    let (what, path, then) = difference(&own, theirs.spec.as_ref()?)?;
    let writer = ObjectKey::new(Kind::AimService, seen.namespace(), other);
    Some(
        Finding::new(
            &rules::M130,
            field(seen, path),
            format!(
                "the services {} and {other} share the cache {name} and differ in {what}",
                seen.name()
            ),
        )
        .label("overwritten")
        .consequence(then)
        .help("write the same in both, or set caching.mode: Dedicated on one of them")
        .related(
            Place::field(writer, FieldPath::parse(path)),
            format!("{other} writes it last"),
        ),
    )
}

/// What two services want otherwise of their cache, the field that says so, and what follows.
fn difference(
    own: &AimTemplateCacheSpec,
    theirs: &AimTemplateCacheSpec,
) -> Option<(String, &'static str, &'static str)> {
    if own.storage_class_name != theirs.storage_class_name {
        let class = |spec: &AimTemplateCacheSpec| {
            let class = spec.storage_class_name.clone();
            class.unwrap_or_else(|| "the default one".to_owned())
        };
        return Some((
            format!("the storage class ({}, {})", class(own), class(theirs)),
            "spec.storage.defaultStorageClassName",
            "the last one to write wins, and the weights are downloaded once for each storage class",
        ));
    }
    if own.env != theirs.env {
        let mut names: Vec<&str> = own
            .env
            .iter()
            .chain(&theirs.env)
            .filter(|variable| !(own.env.contains(variable) && theirs.env.contains(variable)))
            .filter(|variable| is_read_by_downloads(&variable.name))
            .map(|variable| variable.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            return Some((
                format!("env ({})", names.join(", ")),
                "spec.env",
                "the last one to write wins: downloads from then on run with its variables",
            ));
        }
    }
    (own.runtime_config_name != theirs.runtime_config_name).then(|| {
        (
            "the runtime config".to_owned(),
            "spec.runtimeConfigName",
            "the last one to write wins: headroom and variables of the downloads are those of its config",
        )
    })
}

/// What the server reads, and only it, may differ: the cache carries it along for nothing.
fn is_read_by_downloads(variable: &str) -> bool {
    let servers = ["AIM_", "VLLM_"];
    variable.starts_with("AIM_DOWNLOADER_") || !servers.iter().any(|own| variable.starts_with(own))
}

/// The catalog says that the weights are gated, and nobody gives the download a token.
fn token_missing(seen: &Observation<'_>) -> Option<Finding> {
    if !seen.world.facts().catalog {
        return None;
    }
    let image = match &seen.model {
        ModelOutcome::Found(model) => &model.spec.image,
        ModelOutcome::ToCreate(_) => seen.spec.model.image.as_ref()?,
        ModelOutcome::Failed(_) | ModelOutcome::Unasked => return None,
    };
    let gated = catalog::find(image.trim()).filter(|image| image.hf_token_required)?;
    if is_downloaded(seen) || has_token(seen) {
        return None;
    }
    Some(
        Finding::new(
            &rules::L505,
            field(seen, choice::model_field(seen)),
            format!("{} is gated, and no {TOKEN} is set", gated.canonical_name),
        )
        .consequence("the download is refused by the hub, the cache is Failed, and so is the service")
        .help(format!(
            "accept the licence at {}, and give {TOKEN} by valueFrom.secretKeyRef, in spec.env or in the runtime config",
            gated.source
        )),
    )
}

/// Whether a document says that the weights are there.
fn is_downloaded(seen: &Observation<'_>) -> bool {
    let Some(found) = seen.cache.filter(|found| cache::is_ready(found)) else {
        return false;
    };
    let name = found.metadata.name.as_deref().unwrap_or_default();
    let key = ObjectKey::new(Kind::AimTemplateCache, seen.namespace(), name);
    seen.world
        .entry(&key)
        .is_some_and(|entry| entry.status_given)
}

fn has_token(seen: &Observation<'_>) -> bool {
    let sets = |env: &[EnvVar]| {
        env.iter().any(|variable| {
            variable.name == TOKEN
                && (variable.value_from.is_some()
                    || variable
                        .value
                        .as_ref()
                        .is_some_and(|value| !value.is_empty()))
        })
    };
    let template = seen.found_template();
    let template = template.as_ref();
    sets(&seen.spec.env)
        || configs(seen).any(|(_, spec)| sets(&spec.env))
        || template.is_some_and(|template| {
            let caching = template.spec.caching.as_ref();
            let sources = template.status.map(|status| &status.model_sources[..]);
            sets(&template.spec.env)
                || caching.is_some_and(|caching| sets(&caching.env))
                || sources
                    .unwrap_or_default()
                    .iter()
                    .any(|source| sets(&source.env))
        })
}
