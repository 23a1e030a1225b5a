//! Scalers: what KEDA makes of a trigger, and which metrics it gets for the HPA (spec 4.2, "Metrics").

use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::{
    ContainerResourceMetricSource, ExternalMetricSource, MetricIdentifier, MetricSpec,
    MetricTarget, ResourceMetricSource,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::NAME_LABEL;
use crate::addon::{self, AddressFault, TargetError, address_fault};
use crate::api::keda::Trigger;
use crate::kube::quantity;

/// A trigger whose scaler could be built.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scaler {
    /// It answers with a metric.
    Answers(Box<MetricSpec>),
    /// Nobody answers, or the add-on refuses: the metric is left out.
    Silent(Silence),
    /// A scaler of KEDA that has nothing to do with AIM Engine; what it answers is not known here.
    Foreign,
}

/// Why the add-on gives no metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nobody listens at the address.
    Address(AddressFault),
    /// The target cannot be read.
    Target(TargetError),
}

/// A trigger that KEDA cannot build a scaler from: it ends the whole pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unbuildable {
    /// Which trigger.
    pub(super) index: usize,
    /// Its field.
    pub(super) field: String,
    /// KEDA's text.
    pub(super) text: String,
}

/// Who asks, and where the add-on may listen.
pub(super) struct Asking<'a> {
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    /// Addresses where the add-on listens.
    pub(super) listens: &'a [String],
}

/// Builds the scaler of each trigger, in order.
pub(super) fn build(triggers: &[Trigger], asking: &Asking<'_>) -> Result<Vec<Scaler>, Unbuildable> {
    triggers
        .iter()
        .enumerate()
        .map(|(index, trigger)| {
            build_one(index, trigger, asking).map_err(|(field, text)| Unbuildable {
                index,
                field: format!("spec.triggers[{index}].{field}"),
                text,
            })
        })
        .collect()
}

fn build_one(
    index: usize,
    trigger: &Trigger,
    asking: &Asking<'_>,
) -> Result<Scaler, (&'static str, String)> {
    match trigger.type_.as_str() {
        "external" | "external-push" => external(index, trigger, asking),
        "cpu" | "memory" => resource(trigger).map(|metric| Scaler::Answers(Box::new(metric))),
        known if FOREIGN.binary_search(&known).is_ok() => Ok(Scaler::Foreign),
        unknown => Err(("type", format!("no scaler found for type: {unknown}"))),
    }
}

fn external(
    index: usize,
    trigger: &Trigger,
    asking: &Asking<'_>,
) -> Result<Scaler, (&'static str, String)> {
    let metric_type = match trigger.metric_type.as_deref().unwrap_or_default() {
        "Utilization" => {
            return Err((
                "metricType",
                "error getting external scaler metric type: 'Utilization' metric type is unsupported for external metrics, allowed values are 'Value' or 'AverageValue'".to_owned(),
            ));
        }
        "" => "AverageValue",
        other => other,
    };
    let get = |key: &str| trigger.metadata.get(key).map(String::as_str);
    let address = get(addon::key::SCALER_ADDRESS);
    let faults: Vec<_> = asking
        .listens
        .iter()
        .map(|listens| address_fault(address, listens))
        .collect();
    // The fault against the add-on's own address is listed first; any other right address will do.
    let fault = if faults.contains(&None) {
        None
    } else {
        faults.into_iter().next().flatten()
    };
    if fault == Some(AddressFault::Missing) {
        return Err((
            "metadata.scalerAddress",
            "error parsing external scaler metadata: error parsing external scaler metadata: missing required parameter \"scalerAddress\" in [triggerMetadata]".to_owned(),
        ));
    }
    if let Some(fault) = fault {
        return Ok(Scaler::Silent(Silence::Address(fault)));
    }
    let size = match addon::target(get(addon::key::TARGET_VALUE)) {
        Ok(size) => size,
        Err(error) => return Ok(Scaler::Silent(Silence::Target(error))),
    };
    let size = Some(Quantity(quantity::canonical(&size.to_string())));
    let (value, average_value) = if metric_type == "AverageValue" {
        (None, size)
    } else {
        (size, None)
    };
    Ok(Scaler::Answers(Box::new(MetricSpec {
        type_: "External".to_owned(),
        external: Some(ExternalMetricSource {
            metric: MetricIdentifier {
                name: format!("s{index}-{}-{}", asking.namespace, asking.name),
                selector: Some(LabelSelector {
                    match_labels: Some(BTreeMap::from([(
                        NAME_LABEL.to_owned(),
                        asking.name.to_owned(),
                    )])),
                    ..LabelSelector::default()
                }),
            },
            target: MetricTarget {
                type_: metric_type.to_owned(),
                value,
                average_value,
                average_utilization: None,
            },
        }),
        ..MetricSpec::default()
    })))
}

fn resource(trigger: &Trigger) -> Result<MetricSpec, (&'static str, String)> {
    let name = trigger.type_.clone();
    let wrong = |field: &'static str, text: String| {
        Err((field, format!("error parsing {name} metadata: {text}")))
    };
    let Some(text) = trigger
        .metadata
        .get("value")
        .filter(|text| !text.is_empty())
    else {
        return wrong(
            "metadata.value",
            "missing required parameter \"value\" in [triggerMetadata]".to_owned(),
        );
    };
    let type_ = trigger.metric_type.clone().unwrap_or_default();
    let mut target = MetricTarget {
        type_,
        ..MetricTarget::default()
    };
    match target.type_.as_str() {
        "Utilization" => match addon::target(Some(text)).map(i32::try_from) {
            Ok(Ok(percent)) => target.average_utilization = Some(percent),
            Ok(Err(_)) => {
                let error = TargetError::Range(text.clone());
                return wrong("metadata.value", error.to_string());
            }
            Err(error) => return wrong("metadata.value", error.to_string()),
        },
        "AverageValue" => target.average_value = Some(Quantity(quantity::canonical(text))),
        other => {
            return wrong(
                "metricType",
                format!(
                    "unknown metric type: {other}, allowed values are 'Utilization' or 'AverageValue'"
                ),
            );
        }
    }
    let container = trigger
        .metadata
        .get("containerName")
        .filter(|name| !name.is_empty());
    Ok(match container {
        Some(container) => MetricSpec {
            type_: "ContainerResource".to_owned(),
            container_resource: Some(ContainerResourceMetricSource {
                container: container.clone(),
                name,
                target,
            }),
            ..MetricSpec::default()
        },
        None => MetricSpec {
            type_: "Resource".to_owned(),
            resource: Some(ResourceMetricSource { name, target }),
            ..MetricSpec::default()
        },
    })
}

/// Every other scaler of KEDA 2.18.1, sorted.
const FOREIGN: &[&str] = &[
    "activemq",
    "apache-kafka",
    "arangodb",
    "artemis-queue",
    "aws-cloudwatch",
    "aws-dynamodb",
    "aws-dynamodb-streams",
    "aws-kinesis-stream",
    "aws-sqs-queue",
    "azure-app-insights",
    "azure-blob",
    "azure-data-explorer",
    "azure-eventhub",
    "azure-log-analytics",
    "azure-monitor",
    "azure-pipelines",
    "azure-queue",
    "azure-servicebus",
    "beanstalkd",
    "cassandra",
    "couchdb",
    "cron",
    "datadog",
    "dynatrace",
    "elasticsearch",
    "etcd",
    "external-mock",
    "forgejo-runner",
    "gcp-cloudtasks",
    "gcp-pubsub",
    "gcp-stackdriver",
    "gcp-storage",
    "github-runner",
    "graphite",
    "huawei-cloudeye",
    "ibmmq",
    "influxdb",
    "kafka",
    "kubernetes-workload",
    "liiklus",
    "loki",
    "metrics-api",
    "mongodb",
    "mssql",
    "mysql",
    "nats-jetstream",
    "new-relic",
    "nsq",
    "openstack-metric",
    "openstack-swift",
    "postgresql",
    "predictkube",
    "prometheus",
    "pulsar",
    "rabbitmq",
    "redis",
    "redis-cluster",
    "redis-cluster-streams",
    "redis-sentinel",
    "redis-sentinel-streams",
    "redis-streams",
    "selenium-grid",
    "solace-direct-messaging",
    "solace-event-queue",
    "solarwinds",
    "solr",
    "splunk",
    "splunk-observability",
    "stan",
    "sumologic",
    "temporal",
];
