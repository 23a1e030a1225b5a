//! What a user should know about a ScaledObject that is accepted: whether its triggers do what they say.

mod metric;
mod query;
mod scaler;

use super::assess::Assessment;
use crate::addon::{self, Operation};
use crate::api::keda::{ScaledObject, Trigger};
use crate::api::kserve::{InferenceService, PodMetricSource};
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, ObjectKey, World};

/// Every finding on a ScaledObject's triggers.
pub(super) fn find(
    key: &ObjectKey,
    object: &ScaledObject,
    assessment: &Assessment<'_>,
    world: &World,
) -> Vec<Finding> {
    let Some(spec) = &object.spec else {
        return Vec::new();
    };
    let service = owner(object, world);
    let triggers = spec.triggers.as_deref().unwrap_or_default();
    let subjects: Vec<Subject<'_>> = triggers
        .iter()
        .enumerate()
        .filter(|(_, trigger)| matches!(trigger.type_.as_str(), "external" | "external-push"))
        .map(|(index, trigger)| Subject::new(key, index, trigger, service, triggers.len()))
        .collect();
    let mut findings = scaler::find(key, spec, &subjects, assessment);
    for subject in &subjects {
        findings.extend(query::find(subject));
    }
    findings.extend(metric::find(&subjects));
    findings
}

/// The InferenceService that KServe made the ScaledObject of.
fn owner<'a>(object: &ScaledObject, world: &'a World) -> Option<&'a InferenceService> {
    let owner = object
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == Kind::InferenceService.as_str())?;
    world.get(
        object.metadata.namespace.as_deref().unwrap_or_default(),
        &owner.name,
    )
}

/// A trigger that asks the add-on, and the metric of an InferenceService that it was made of.
struct Subject<'a> {
    scaled_object: &'a ObjectKey,
    index: usize,
    trigger: &'a Trigger,
    metric: Option<(&'a InferenceService, &'a PodMetricSource)>,
}

/// A field of a trigger, as its user wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Query,
    Target,
    Address,
    Operation,
    MetricNames,
    MetricName(usize),
}

impl<'a> Subject<'a> {
    /// KServe makes one trigger of each metric, in order.
    fn new(
        scaled_object: &'a ObjectKey,
        index: usize,
        trigger: &'a Trigger,
        service: Option<&'a InferenceService>,
        count: usize,
    ) -> Self {
        let metric = service.and_then(|service| {
            let metrics = &service
                .spec
                .as_ref()?
                .predictor
                .auto_scaling
                .as_ref()?
                .metrics;
            let metric = metrics.get(index).filter(|_| metrics.len() == count)?;
            Some((service, metric.podmetric.as_ref()?))
        });
        Self {
            scaled_object,
            index,
            trigger,
            metric,
        }
    }

    fn metadata(&self, key: &str) -> Option<&'a str> {
        self.trigger.metadata.get(key).map(String::as_str)
    }

    /// The query as its user wrote it, before KServe wraps it.
    fn query(&self) -> &'a str {
        let own = self
            .metric
            .and_then(|(_, metric)| metric.metric.query.as_deref());
        own.or_else(|| self.metadata(addon::key::METRIC_QUERY))
            .unwrap_or_default()
    }

    fn operation(&self) -> Operation {
        Operation::lenient(self.metadata(addon::key::OPERATION_OVER_TIME))
    }

    /// Where a field stands: in the InferenceService when there is one, else in the trigger.
    fn place(&self, field: Field) -> Place {
        match self.metric {
            Some((service, metric)) => {
                let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
                let name = service.metadata.name.as_deref().unwrap_or_default();
                let key = ObjectKey::new(Kind::InferenceService, namespace, name);
                Place::field(key, self.metric_path(metric, field))
            }
            None => {
                let trigger = FieldPath::parse("spec.triggers").index(self.index);
                let metadata = |key: &str| {
                    if self.trigger.metadata.contains_key(key) {
                        trigger.key("metadata").key(key)
                    } else {
                        trigger.key("metadata")
                    }
                };
                let path = match field {
                    Field::Query | Field::MetricNames | Field::MetricName(_) => {
                        metadata(addon::key::METRIC_QUERY)
                    }
                    Field::Target => metadata(addon::key::TARGET_VALUE),
                    Field::Address => metadata(addon::key::SCALER_ADDRESS),
                    Field::Operation => metadata(addon::key::OPERATION_OVER_TIME),
                };
                Place::field(self.scaled_object.clone(), path)
            }
        }
    }

    /// A field that is absent is shown on what it would stand in.
    fn metric_path(&self, metric: &PodMetricSource, field: Field) -> FieldPath {
        let at = FieldPath::parse("spec.predictor.autoScaling.metrics")
            .index(self.index)
            .key("podmetric");
        let inner = at.key("metric");
        let or_whole = |there: bool, key: &str| if there { inner.key(key) } else { inner.clone() };
        let metrics = &metric.metric;
        match field {
            Field::Target => at.key("target").key("value"),
            Field::Query => or_whole(metrics.query.is_some(), "query"),
            Field::Address => or_whole(metrics.server_address.is_some(), "serverAddress"),
            Field::Operation => {
                or_whole(metrics.operation_over_time.is_some(), "operationOverTime")
            }
            Field::MetricNames => or_whole(!metrics.metric_names.is_empty(), "metricNames"),
            Field::MetricName(index) => inner.key("metricNames").index(index),
        }
    }
}
