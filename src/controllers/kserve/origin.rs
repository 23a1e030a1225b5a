//! Where the fields of KServe's objects come from.

use super::collector::METRICS_PORT;
use super::component::{APP_LABEL, COMPONENT_LABEL, ISVC_LABEL};
use crate::api::kserve::{InferenceService, MetricsSpec};
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, KserveConfig, Object, ObjectKey, World};

/// The fields of the InferenceService, or the key of its configuration, that a field of a child was made from.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let owner = made
        .metadata()
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == Kind::InferenceService.as_str());
    let Some(owner) = owner else {
        return Vec::new();
    };
    let key = made.key();
    let key = ObjectKey::new(Kind::InferenceService, &key.namespace, &owner.name);
    let Some(isvc) = world.get::<InferenceService>(&key.namespace, &key.name) else {
        return Vec::new();
    };
    let trace = Trace { key, isvc, world };
    let segments: Vec<&str> = path
        .0
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => key.as_str(),
            Segment::Index(_) => "",
        })
        .collect();
    trace
        .metadata(&segments, made.kind())
        .unwrap_or_else(|| match made.kind() {
            Kind::Deployment => trace.deployment(path, &segments),
            Kind::Service => trace.service(&segments),
            Kind::ScaledObject => trace.scaled_object(path, &segments),
            Kind::OpenTelemetryCollector => trace.collector(path, &segments),
            Kind::Ingress => trace.ingress(&segments),
            Kind::HttpRoute => trace.http_route(&segments),
            Kind::HorizontalPodAutoscaler => trace.hpa(path, &segments),
            _ => Vec::new(),
        })
}

struct Trace<'a> {
    key: ObjectKey,
    isvc: &'a InferenceService,
    world: &'a World,
}

impl Trace<'_> {
    fn note(&self, note: &str) -> String {
        format!("KServe {} {note}", self.world.facts().kserve.number)
    }

    fn from(&self, path: FieldPath, note: &str) -> Vec<FieldOrigin> {
        vec![FieldOrigin {
            object: self.key.clone(),
            path,
            note: self.note(note),
        }]
    }

    fn predictor(&self, field: &str, note: &str) -> Vec<FieldOrigin> {
        self.from(FieldPath::parse("spec.predictor").key(field), note)
    }

    fn name(&self, note: &str) -> Vec<FieldOrigin> {
        self.from(FieldPath::parse("metadata.name"), note)
    }

    /// A key of the ConfigMap, when one was given.
    fn config(&self, section: &str, note: &str) -> Vec<FieldOrigin> {
        KserveConfig::of(self.world)
            .given
            .map(|object| FieldOrigin {
                object,
                path: FieldPath::root().key("data").key(section),
                note: self.note(note),
            })
            .into_iter()
            .collect()
    }

    /// `metadata` of a child, and of the Deployment's template.
    fn metadata(&self, segments: &[&str], kind: Kind) -> Option<Vec<FieldOrigin>> {
        let rest = match segments {
            ["metadata", rest @ ..] => rest,
            ["spec", "template", "metadata", rest @ ..] if kind == Kind::Deployment => rest,
            _ => return None,
        };
        Some(match rest {
            ["labels", key] if [APP_LABEL, ISVC_LABEL].contains(key) => {
                self.name("labels its objects with the InferenceService's name")
            }
            ["labels", key] if *key == COMPONENT_LABEL => Vec::new(),
            [set @ ("labels" | "annotations"), key] => {
                let predictor = self.isvc.spec.as_ref().map(|spec| &spec.predictor);
                let own = predictor.is_some_and(|predictor| {
                    let own = match *set {
                        "labels" => &predictor.labels,
                        _ => &predictor.annotations,
                    };
                    own.contains_key(*key)
                });
                let base = if own { "spec.predictor" } else { "metadata" };
                let path = FieldPath::parse(base).key(set).key(key);
                self.from(path, &format!("copies the InferenceService's {set}"))
            }
            [set @ ("labels" | "annotations")] => self.from(
                FieldPath::parse("metadata").key(set),
                &format!("copies the InferenceService's {set}"),
            ),
            _ => self.name("names its objects after the InferenceService"),
        })
    }

    fn deployment(&self, path: &FieldPath, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "replicas", ..] => self.predictor(
                "minReplicas",
                "takes the replicas of class none from minReplicas",
            ),
            ["spec", "selector", ..] => {
                self.name("selects its pods by the InferenceService's name")
            }
            ["spec", "strategy", ..] => {
                let own = self
                    .isvc
                    .spec
                    .as_ref()
                    .is_some_and(|spec| spec.predictor.deployment_strategy.is_some());
                if own {
                    self.predictor("deploymentStrategy", "passes the strategy on")
                } else {
                    self.config(
                        "deploy",
                        "takes the rollout from deploy.deploymentRolloutStrategy",
                    )
                }
            }
            [
                "spec",
                "template",
                "spec",
                "containers",
                "",
                "readinessProbe",
                ..,
            ] => {
                let given = self.isvc.spec.as_ref().is_some_and(|spec| {
                    let first = spec.predictor.pod.containers.first();
                    first.is_some_and(|container| container.readiness_probe.is_some())
                });
                if given {
                    self.pod_field(path)
                } else {
                    let ports = FieldPath::parse("spec.predictor.containers[0].ports");
                    self.from(ports, "probes the container's first port")
                }
            }
            ["spec", "template", "spec", ..] => self.pod_field(path),
            _ => Vec::new(),
        }
    }

    /// The pod's specification is the predictor's.
    fn pod_field(&self, path: &FieldPath) -> Vec<FieldOrigin> {
        let template = FieldPath::parse("spec.template.spec");
        path.strip_prefix(&template).map_or_else(Vec::new, |rest| {
            self.from(
                FieldPath::parse("spec.predictor").join(&rest),
                "takes the pod from the predictor",
            )
        })
    }

    fn service(&self, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "ports", ..] => self.from(
                FieldPath::parse("spec.predictor.containers[0].ports"),
                "serves the container's first port as port 80",
            ),
            ["spec", "selector", ..] => {
                self.name("selects its pods by the InferenceService's name")
            }
            ["spec", "clusterIP" | "clusterIPs", ..] => self.config(
                "service",
                "takes serviceClusterIPNone from the configuration",
            ),
            _ => Vec::new(),
        }
    }

    /// What switched autoscaling on: the metrics, else the bounds, else the class.
    fn scaling(&self) -> FieldPath {
        let base = FieldPath::parse("spec.predictor");
        let predictor = self.isvc.spec.as_ref().map(|spec| &spec.predictor);
        let has = |there: Option<bool>| there.unwrap_or_default();
        if has(predictor.map(|p| p.auto_scaling.is_some())) {
            base.key("autoScaling")
        } else if has(predictor.map(|p| p.min_replicas.is_some())) {
            base.key("minReplicas")
        } else if has(predictor.map(|p| p.max_replicas.is_some())) {
            base.key("maxReplicas")
        } else {
            FieldPath::parse("metadata.annotations").key(super::component::CLASS)
        }
    }

    fn metric(&self, index: usize) -> Option<&MetricsSpec> {
        let scaling = self.isvc.spec.as_ref()?.predictor.auto_scaling.as_ref()?;
        scaling.metrics.get(index)
    }

    fn scaled_object(&self, path: &FieldPath, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "minReplicaCount"] => {
                self.predictor("minReplicas", "writes minReplicas as minReplicaCount")
            }
            ["spec", "maxReplicaCount"] => self.predictor(
                "maxReplicas",
                "writes the larger of maxReplicas and minReplicas as maxReplicaCount",
            ),
            ["spec", "advanced", ..] => {
                let behavior = self.isvc.spec.as_ref().is_some_and(|spec| {
                    let scaling = spec.predictor.auto_scaling.as_ref();
                    scaling.is_some_and(|scaling| scaling.behavior.is_some())
                });
                if behavior {
                    let path = FieldPath::parse("spec.predictor.autoScaling.behavior");
                    self.from(path, "keeps the two stabilisation windows of the behavior")
                } else {
                    self.config("autoscaler", "takes the windows from its configuration")
                }
            }
            ["spec", "triggers", "", rest @ ..] => match path.0.get(2) {
                Some(Segment::Index(index)) => self.trigger(*index, rest),
                _ => Vec::new(),
            },
            ["spec", "triggers"] => self.from(self.scaling(), "makes one trigger of each metric"),
            ["spec", "scaleTargetRef", ..] => self.name("scales its own Deployment"),
            _ => Vec::new(),
        }
    }

    fn trigger(&self, index: usize, rest: &[&str]) -> Vec<FieldOrigin> {
        let metric = FieldPath::parse("spec.predictor.autoScaling.metrics").index(index);
        let Some(spec) = self.metric(index) else {
            return self.from(self.scaling(), "makes one trigger of each metric");
        };
        let Some(source) = &spec.podmetric else {
            return self.from(metric, "makes one trigger of each metric");
        };
        let source_path = metric.key("podmetric");
        let field = |group: &str, field: &str| source_path.key(group).key(field);
        match rest {
            ["metadata", "metricQuery"] => self.from(
                field("metric", "query"),
                "wraps the query as sum(<query>{namespace, deployment})",
            ),
            ["metadata", "targetValue"] => self.from(
                field("target", "value"),
                "hands the value on as it is written",
            ),
            ["metadata", "operationOverTime"] => self.from(
                field("metric", "operationOverTime"),
                "hands the operation on as it is written",
            ),
            ["metadata", "scalerAddress"] if source.metric.server_address.is_some() => {
                self.from(field("metric", "serverAddress"), "asks the given address")
            }
            ["metadata", "scalerAddress"] => self.config(
                "opentelemetryCollector",
                "asks metricScalerEndpoint of its configuration",
            ),
            _ => self.from(source_path, "makes one trigger of each metric"),
        }
    }

    fn collector(&self, path: &FieldPath, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "config", "receivers", .., "scrape_interval"] => self.config(
                "opentelemetryCollector",
                "takes scrapeInterval from its configuration",
            ),
            ["spec", "config", "receivers", ..] => self.from(
                FieldPath::parse("metadata.annotations").key(METRICS_PORT),
                "scrapes the port that the annotation names",
            ),
            ["spec", "config", "processors", "filter/metrics", ..] => {
                let position = match path.0.last() {
                    Some(Segment::Index(index)) => Some(*index),
                    _ => None,
                };
                self.metric_name(position)
            }
            ["spec", "config", "exporters", ..] => self.config(
                "opentelemetryCollector",
                "pushes to metricReceiverEndpoint of its configuration",
            ),
            ["spec", "resources", ..] => self.config(
                "opentelemetryCollector",
                "takes resource from its configuration",
            ),
            _ => self.from(
                self.scaling(),
                "makes a collector for the metrics that are named",
            ),
        }
    }

    /// The n-th name of all metrics.
    fn metric_name(&self, position: Option<usize>) -> Vec<FieldOrigin> {
        let note = "lets the named metrics through";
        let metrics = FieldPath::parse("spec.predictor.autoScaling.metrics");
        let scaling = self
            .isvc
            .spec
            .as_ref()
            .and_then(|spec| spec.predictor.auto_scaling.as_ref());
        let mut left = position;
        for (index, metric) in scaling.iter().flat_map(|s| s.metrics.iter().enumerate()) {
            let Some(source) = &metric.podmetric else {
                continue;
            };
            let names = metrics
                .index(index)
                .key("podmetric")
                .key("metric")
                .key("metricNames");
            let count = source.metric.metric_names.len();
            match left {
                Some(at) if at < count => return self.from(names.index(at), note),
                Some(at) => left = Some(at - count),
                None if count > 0 => return self.from(names, note),
                None => {}
            }
        }
        self.from(metrics, note)
    }

    fn ingress(&self, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "ingressClassName"] => {
                self.config("ingress", "takes ingressClassName from its configuration")
            }
            _ => self.name("makes the host of the InferenceService's name"),
        }
    }

    fn http_route(&self, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "parentRefs", ..] => self.config(
                "ingress",
                "takes kserveIngressGateway from its configuration",
            ),
            ["spec", "rules", _, "timeouts", ..] => self.predictor("timeout", "copies the timeout"),
            _ => self.name("makes the host of the InferenceService's name"),
        }
    }

    fn hpa(&self, path: &FieldPath, segments: &[&str]) -> Vec<FieldOrigin> {
        match segments {
            ["spec", "minReplicas"] => self.predictor("minReplicas", "copies minReplicas"),
            ["spec", "maxReplicas"] => self.predictor("maxReplicas", "copies maxReplicas"),
            ["spec", "metrics", "", ..] => match path.0.get(2) {
                Some(Segment::Index(index)) if self.metric(*index).is_some() => self.from(
                    FieldPath::parse("spec.predictor.autoScaling.metrics").index(*index),
                    "copies metrics of type Resource",
                ),
                _ => self.from(self.scaling(), "aims at 80 % of the requested cpu"),
            },
            _ => Vec::new(),
        }
    }
}
