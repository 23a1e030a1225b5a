//! KServe 0.16.0, Standard mode (spec page 3).
//!
//! One pass goes through KServe's steps in its order: storage URI, host name, OpenTelemetryCollector, Deployment,
//! Service, autoscaler, status, Ingress or HTTPRoutes. A step that fails ends the pass; what came before stays.

mod collector;
mod component;
mod config_findings;
mod deployment;
mod findings;
mod host;
mod hpa;
mod http_route;
mod ingress;
mod origin;
mod scaled_object;
mod service;
mod status;

use std::sync::Arc;

use super::{Conclusion, Controller, Creator, Event, FieldOrigin, Notes, Pass, Stop, Write, owner};
use crate::api::kserve::InferenceService;
use crate::diag::{FieldPath, Refusal};
use crate::inventory::kserve_config::{CONFIG_MAP, NAMESPACES};
use crate::inventory::{Kind, KserveConfig, Object, ObjectKey, World};
use crate::kube::go_printf;
use crate::rules::{K211, K219, Rule};
use component::{Component, Mode};

/// The component that its events come from.
const SOURCE: &str = "v1beta1Controllers";
/// Reason of the event that a failed step leaves.
const INTERNAL_ERROR: &str = "InternalError";
/// Reason of the event in Knative mode.
const SERVERLESS: &str = "ServerlessModeRejected";
/// A failure that leaves neither event nor status.
const SILENT: &str = "";

/// KServe's controller of InferenceServices.
pub struct Kserve;

impl Controller for Kserve {
    fn creator(&self) -> Creator {
        Creator::Kserve
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::InferenceService, Kind::ConfigMap]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        if key.kind == Kind::ConfigMap {
            return Pass {
                notes: about_configuration(key, world),
                ..Pass::default()
            };
        }
        let Some(isvc) = world.get::<InferenceService>(&key.namespace, &key.name) else {
            return Pass::default();
        };
        let mut pass = Pass::default();
        let config = KserveConfig::of(world);
        if let Err(failure) = plan(isvc, key, &config, world, &mut pass) {
            pass.failure = Some(*failure);
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let Some(isvc) = world.get::<InferenceService>(&key.namespace, &key.name) else {
            return Conclusion::default();
        };
        let config = KserveConfig::of(world);
        let mut conclusion = Conclusion::default();
        let failed = stop.map(Failed::of);
        let ingress_deleted = pass
            .writes
            .iter()
            .any(|write| matches!(write, Write::Delete(key) if key.kind == Kind::Ingress));
        let status = status::after(isvc, &config, world, failed.as_ref(), ingress_deleted);
        let ready = status::is_ready(&status);
        let mut after = isvc.clone();
        after.status = Some(status);
        conclusion.status = Some(Box::new(after.into()));
        conclusion.events = match &failed {
            Some(failed) => failed.event().into_iter().collect(),
            None if ready => vec![Event {
                warning: false,
                reason: "InferenceServiceReady".to_owned(),
                message: format!("InferenceService [{}] is Ready", key.name),
                source: SOURCE,
            }],
            None => Vec::new(),
        };
        conclusion.refusal = stop.and_then(|stop| findings::reworded(stop, isvc));
        conclusion
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin::of(made, path, world)
    }
}

/// What ended a pass, as KServe tells it.
struct Failed {
    reason: &'static str,
    message: String,
    /// The first step that writes had not even begun.
    before_status: bool,
}

impl Failed {
    fn of(stop: &Stop) -> Self {
        let text = &stop.refusal.message;
        match stop.write.as_ref().map(|key| key.kind) {
            None => Self {
                reason: stop.refusal.reason,
                message: text.clone(),
                before_status: true,
            },
            Some(Kind::Ingress | Kind::HttpRoute) => Self {
                reason: SILENT,
                message: format!("fails to reconcile ingress: {text}"),
                before_status: false,
            },
            Some(_) => Self {
                reason: INTERNAL_ERROR,
                message: format!("fails to reconcile predictor: {text}"),
                before_status: true,
            },
        }
    }

    /// The event it leaves; of an error KServe uses the text as a format.
    fn event(&self) -> Option<Event> {
        let message = match self.reason {
            SILENT => return None,
            INTERNAL_ERROR => go_printf::without_arguments(&self.message),
            _ => self.message.clone(),
        };
        Some(Event {
            warning: true,
            reason: self.reason.to_owned(),
            message,
            source: SOURCE,
        })
    }
}

fn failure(rule: &'static Rule, reason: &'static str, message: impl Into<String>) -> Box<Refusal> {
    Box::new(Refusal {
        refuser: crate::diag::Refuser::Kserve,
        ..Refusal::new(rule, 0, reason, message)
    })
}

/// The steps of a pass, up to the first that KServe itself cannot take.
fn plan(
    isvc: &InferenceService,
    key: &ObjectKey,
    config: &KserveConfig,
    world: &World,
    pass: &mut Pass,
) -> Result<(), Box<Refusal>> {
    match component::mode(isvc, config)? {
        Mode::Standard => {}
        Mode::ModelMesh => return Ok(()),
        Mode::Knative => return Err(knative(config)),
        Mode::None => {
            let text = "fails to reconcile predictor: fails to reconcile knative service: no kind is registered for the type v1.Service in scheme \"pkg/runtime/scheme.go:110\"";
            let refusal = failure(&K219, INTERNAL_ERROR, text)
                .summary("key `deploy` is absent from the ConfigMap inferenceservice-config, so KServe knows no deployment mode")
                .consequence("KServe makes nothing of any InferenceService")
                .help("add `deploy: '{\"defaultDeploymentMode\": \"Standard\"}'` to the ConfigMap");
            return Err(Box::new(refusal));
        }
    }
    let component = Component::of(isvc, config)?;
    if component.is_stopped() {
        pass.writes.extend(stopped(&component, key, world));
        return Ok(());
    }
    pass.notes
        .findings
        .extend(findings::of(isvc, &component, world));
    if let Some(complaint) = component.storage_complaint() {
        let mut refusal = *failure(
            &K211,
            INTERNAL_ERROR,
            format!("StorageURI not supported: {complaint}"),
        );
        if let Some(path) = component.storage_uri_path() {
            refusal = refusal.at(&path);
        }
        return Err(Box::new(
            refusal
                .summary("env STORAGE_URI is taken as the predictor's storage URI, and KServe does not know its scheme")
                .consequence("KServe makes nothing of the InferenceService")
                .help("give the variable another name, or remove it"),
        ));
    }
    let initializer = config
        .storage_initializer()
        .map_err(|error| failure(&K219, INTERNAL_ERROR, error.to_string()))?;
    component::check_initializer(&initializer)?;
    let collector = collector::desired(&component, config)?;
    let scaler = scaled_object::desired(&component, config)?;
    let ingress = config
        .ingress()
        .map_err(|error| not_begun(&K219, &error.to_string()))?;
    host::of(component.name(), &component.meta, &ingress).map_err(|error| {
        let text = format!("failed creating host name: {error}");
        host::explain(
            *not_begun(error.rule(), &text),
            &component,
            &ingress,
            config,
        )
    })?;

    pass.writes
        .extend(collector.and_then(|wanted| collector::write(wanted, key, world)));
    pass.writes.extend(deployment::write(
        deployment::desired(&component, config),
        key,
        world,
    ));
    pass.writes.extend(service::write(
        service::desired(&component, config),
        key,
        world,
    ));
    pass.writes.extend(match scaler {
        Some(wanted) => scaled_object::write(wanted, key, world),
        None => hpa::write(&component, key, world),
    });
    let section = config
        .inference_service()
        .map_err(|error| failure(&K219, SILENT, error.to_string()))?;
    for wanted in http_route::desired(isvc, &ingress, &section, world)? {
        pass.writes.extend(http_route::write(wanted, key, world));
    }
    if let Some(wanted) = ingress::desired(isvc, &ingress, world)? {
        pass.writes.extend(ingress::write(wanted, key, world));
    }
    Ok(())
}

/// A step before anything is made.
fn not_begun(rule: &'static Rule, cause: &str) -> Box<Refusal> {
    let text = format!("fails to create NewRawKubeReconciler for predictor: {cause}");
    failure(rule, INTERNAL_ERROR, text)
}

fn knative(config: &KserveConfig) -> Box<Refusal> {
    let text =
        "It is not possible to use Knative deployment mode when Knative Services are not available";
    let what = if config.given.is_some() {
        "the ConfigMap inferenceservice-config, or the annotation, asks for mode Knative"
    } else {
        "the annotation asks for mode Knative"
    };
    Box::new(
        failure(&K219, SERVERLESS, text)
            .summary(format!("{what}; AIM Engine needs Standard"))
            .consequence("KServe makes nothing of the InferenceService")
            .help("set deploy.defaultDeploymentMode to `Standard` in the ConfigMap inferenceservice-config"),
    )
}

/// With the annotation `serving.kserve.io/stop: "true"` everything that was made goes.
fn stopped(component: &Component, key: &ObjectKey, world: &World) -> Vec<Write> {
    let name = component.name();
    [
        (Kind::OpenTelemetryCollector, name),
        (Kind::Deployment, name),
        (Kind::Service, name),
        (Kind::ScaledObject, name),
        (Kind::HorizontalPodAutoscaler, name),
        (Kind::Ingress, key.name.as_str()),
        (Kind::HttpRoute, name),
        (Kind::HttpRoute, key.name.as_str()),
    ]
    .into_iter()
    .map(|(kind, name)| ObjectKey::new(kind, &key.namespace, name))
    .filter(|child| {
        world
            .object(child)
            .is_some_and(|object| is_ours(object, key))
    })
    .map(Write::Delete)
    .collect()
}

/// Whether the InferenceService controls the object.
fn is_ours(object: &Object, isvc: &ObjectKey) -> bool {
    object
        .metadata()
        .owner_references
        .iter()
        .flatten()
        .any(|owner| {
            owner.controller == Some(true)
                && owner.kind == isvc.kind.as_str()
                && owner.name == isvc.name
        })
}

/// The write that makes a stored object what is wanted: metadata of the writer, identity of the stored one.
fn replacing(mut wanted: Object, stored: Option<&Object>) -> Write {
    if let Some(stored) = stored {
        let (from, to) = (stored.metadata(), wanted.metadata_mut());
        to.uid.clone_from(&from.uid);
        to.resource_version.clone_from(&from.resource_version);
        to.generation = from.generation;
        to.creation_timestamp.clone_from(&from.creation_timestamp);
        to.finalizers.clone_from(&from.finalizers);
    }
    Write::Put(Arc::new(wanted))
}

/// Metadata of a child: owned by the InferenceService.
fn owned(
    mut meta: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
    isvc: &ObjectKey,
    world: &World,
) -> k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
    meta.owner_references = Some(vec![owner::controller_reference(isvc, world)]);
    meta
}

/// What is wrong with a given configuration, said once at the ConfigMap.
fn about_configuration(key: &ObjectKey, world: &World) -> Notes {
    let ours = key.name == CONFIG_MAP && NAMESPACES.contains(&key.namespace.as_str());
    let config = KserveConfig::of(world);
    if !ours || config.given.as_ref() != Some(key) {
        return Notes::default();
    }
    Notes {
        findings: config_findings::of(&config, key),
        ..Notes::default()
    }
}
