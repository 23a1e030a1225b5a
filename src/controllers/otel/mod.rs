//! OpenTelemetry operator 0.140.0: what it makes of a collector (spec 5.5), and the sidecar of its pod webhook (5.2-5.4).

pub(crate) mod components;
pub mod config;
mod container;
mod deployment;
mod naming;
mod objects;
pub mod sidecar;
pub(crate) mod telemetry;

pub(crate) use naming::container_port as port_name;

use std::sync::Arc;

use super::owner::controller_reference;
use super::{Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::api::otel::OpenTelemetryCollector;
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};
use objects::Maker;

/// The operator's version, as it stands in the status.
const VERSION: &str = "0.140.0";
/// The operator's finalizer.
const FINALIZER: &str = "opentelemetrycollector.opentelemetry.io/finalizer";

/// The OpenTelemetry operator's controller of collectors.
pub struct OtelOperator;

impl Controller for OtelOperator {
    fn creator(&self) -> Creator {
        Creator::OtelOperator
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::OpenTelemetryCollector]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(collector) = managed(key, world) else {
            return pass;
        };
        let Some(spec) = &collector.spec else {
            return pass;
        };
        pass.writes
            .push(Write::Touch(Arc::new(with_finalizer(collector).into())));
        let maker = Maker {
            collector,
            spec,
            owner: controller_reference(key, world),
        };
        let objects = maker.objects();
        // What is no longer wanted goes; ConfigMaps of earlier configurations stay (`configVersions`).
        let wanted: Vec<ObjectKey> = objects.iter().map(Object::key).collect();
        let stale = world.owned_by(key).into_iter().filter(|child| {
            matches!(child.kind, Kind::Service | Kind::ServiceAccount) && !wanted.contains(child)
        });
        pass.writes.extend(stale.map(Write::Delete));
        pass.writes.extend(
            objects
                .into_iter()
                .map(|object| Write::Put(Arc::new(object))),
        );
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        _stop: Option<&Stop>,
    ) -> Conclusion {
        let Some(collector) = managed(key, world) else {
            return Conclusion::default();
        };
        let mut status = collector.status.clone().unwrap_or_default();
        status.version = Some(VERSION.to_owned());
        Conclusion {
            status: Some(Box::new(
                OpenTelemetryCollector {
                    metadata: collector.metadata.clone(),
                    spec: None,
                    status: Some(status),
                }
                .into(),
            )),
            ..Conclusion::default()
        }
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, _world: &World) -> Vec<FieldOrigin> {
        let owner = made
            .metadata()
            .owner_references
            .iter()
            .flatten()
            .find(|owner| owner.kind == Kind::OpenTelemetryCollector.as_str());
        let Some(owner) = owner else {
            return Vec::new();
        };
        let namespace = made.metadata().namespace.as_deref().unwrap_or_default();
        let in_metadata = ["metadata.labels", "metadata.annotations"]
            .iter()
            .any(|map| path.strip_prefix(&FieldPath::parse(map)).is_some());
        let path = match made {
            _ if in_metadata => path.clone(),
            Object::ConfigMap(_) => FieldPath::parse("spec.config"),
            Object::Service(_) => FieldPath::parse("spec.ports"),
            _ => FieldPath::root(),
        };
        vec![FieldOrigin {
            object: ObjectKey::new(Kind::OpenTelemetryCollector, namespace, &owner.name),
            path,
            note: "OpenTelemetry operator 0.140.0 makes it of the collector".to_owned(),
        }]
    }
}

/// The collector of that key, unless its owner keeps the operator away.
fn managed<'a>(key: &ObjectKey, world: &'a World) -> Option<&'a OpenTelemetryCollector> {
    let collector = world.get::<OpenTelemetryCollector>(&key.namespace, &key.name)?;
    let state = collector.spec.as_ref()?.management_state.as_deref();
    (state != Some("unmanaged")).then_some(collector)
}

fn with_finalizer(collector: &OpenTelemetryCollector) -> OpenTelemetryCollector {
    let mut collector = collector.clone();
    let finalizers = collector.metadata.finalizers.get_or_insert_default();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    collector
}
