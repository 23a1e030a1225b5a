//! Scenarios from a plan: what a service's objects say about its scaling.

mod pod;

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::{HorizontalPodAutoscaler, MetricSpec};
use k8s_openapi::api::core::v1::PodSpec;
use serde_json::Value;

use super::constants::{Constants, duration};
use super::hpa::{Behavior, Spec, Target};
use super::scenario::{Delivery, Fixed, Keda, Replica, Scaling, Scenario, Trigger};
use super::start::start_delay;
use crate::addon::{Clamp, Labels, Operation, Query};
use crate::api::keda::ScaledObject;
use crate::api::otel::OpenTelemetryCollector;
use crate::diag::{Finding, Level};
use crate::engine::Plan;
use crate::inventory::{Kind, Object, ObjectKey, World};
use crate::kube::quantity::Quantity;
use crate::rules::{K204, O404};

/// What the command line says about a replica; what it leaves open is taken from the plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// Requests that it serves at once.
    pub capacity: Option<u32>,
    /// From its creation until it serves, in milliseconds.
    pub start_delay: Option<i64>,
    /// Replicas have to start at the beginning, too.
    pub cold: bool,
    /// Constants by name, over what the plan says.
    pub constants: Vec<(String, String)>,
}

/// The services that can be simulated, in the order of the input: AIMServices, those that the API server refuses
/// included; else InferenceServices; else ScaledObjects that stand alone.
#[must_use]
pub fn services(plan: &Plan) -> Vec<ObjectKey> {
    let of = |kind: Kind| -> Vec<ObjectKey> {
        let given = plan.given().filter(|key| key.kind == kind);
        let refused = plan
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Error);
        let refused = refused
            .filter_map(|finding| finding.place.object.as_ref())
            .filter(|key| key.kind == kind && plan.find(key).is_none());
        let mut keys: Vec<ObjectKey> = Vec::new();
        for key in given.chain(refused) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    };
    [Kind::AimService, Kind::InferenceService, Kind::ScaledObject]
        .into_iter()
        .map(of)
        .find(|keys| !keys.is_empty())
        .unwrap_or_default()
}

/// The Deployment of each given object that leads to one.
#[derive(Debug, Clone, Default)]
pub struct Deployments(BTreeMap<ObjectKey, ObjectKey>);

impl Deployments {
    /// Those of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let deployments = plan
            .objects
            .iter()
            .filter(|planned| planned.key.kind == Kind::Deployment);
        let mut first = BTreeMap::new();
        for planned in deployments {
            first
                .entry(planned.root.clone())
                .or_insert_with(|| planned.key.clone());
        }
        Self(first)
    }
}

/// A service's scenario and what was assumed for it.
///
/// # Errors
/// A constant that cannot be set, in words.
pub fn scenario(
    plan: &Plan,
    deployments: &Deployments,
    service: &ObjectKey,
    given: &Given,
) -> Result<(Scenario, Vec<String>), super::constants::SetError> {
    let world = &plan.world;
    let objects = Objects::of(plan, deployments, service);
    let mut constants = Constants::default();
    objects.fill_in(&mut constants);
    for (name, text) in &given.constants {
        constants.set(name, text)?;
    }
    let scaling = objects.scaling(plan, world, service);
    let pod = objects.deployment.and_then(pod_spec);
    let mut assumptions = Vec::new();
    let capacity = given.capacity.unwrap_or_else(|| {
        let (capacity, from) = pod.map_or(pod::UNKNOWN_CAPACITY, pod::capacity);
        assumptions.push(format!(
            "a replica serves {capacity} requests at once ({from}; say --capacity)"
        ));
        capacity
    });
    let delay = given.start_delay.unwrap_or_else(|| {
        let (delay, text) = start_delay(pod.map(pod::weights).unwrap_or_default(), &constants);
        // A count that never changes starts nothing.
        if given.cold || matches!(scaling, Scaling::Keda(_)) {
            assumptions.push(text);
        }
        delay
    });
    if pod.is_none() {
        // What a replica would need is of no interest where there is none.
        assumptions.clear();
    }
    let scenario = Scenario {
        service: format!("{}/{}", service.namespace, service.name),
        start: objects.replicas(),
        scaling,
        replica: Replica {
            capacity,
            start_delay: delay,
            cold: given.cold,
        },
        constants,
    };
    Ok((scenario, assumptions))
}

/// The objects that decide how a service scales.
struct Objects<'a> {
    deployment: Option<&'a Deployment>,
    scaled_object: Option<&'a ScaledObject>,
    hpa: Option<&'a HorizontalPodAutoscaler>,
    collector: Option<&'a OpenTelemetryCollector>,
}

impl<'a> Objects<'a> {
    fn of(plan: &'a Plan, deployments: &Deployments, service: &ObjectKey) -> Self {
        let world = &plan.world;
        let namespace = service.namespace.as_str();
        let target = |object: &ScaledObject| {
            object
                .spec
                .as_ref()
                .map(|spec| spec.scale_target_ref.name.clone())
        };
        let name = if service.kind == Kind::ScaledObject {
            world
                .get::<ScaledObject>(namespace, &service.name)
                .and_then(target)
        } else {
            deployments.0.get(service).map(|key| key.name.clone())
        };
        let Some(name) = name else {
            return Self {
                deployment: None,
                scaled_object: None,
                hpa: None,
                collector: None,
            };
        };
        let deployment = world.get::<Deployment>(namespace, &name);
        Self {
            deployment,
            scaled_object: world
                .list::<ScaledObject>(namespace)
                .find(|object| target(object).as_deref() == Some(name.as_str())),
            hpa: world
                .list::<HorizontalPodAutoscaler>(namespace)
                .find(|hpa| {
                    hpa.spec.as_ref().is_some_and(|spec| {
                        spec.scale_target_ref.name == name
                            && spec.scale_target_ref.kind == "Deployment"
                    })
                }),
            collector: deployment.and_then(|deployment| collector(world, namespace, deployment)),
        }
    }

    /// Replicas of the Deployment; none where there is no Deployment.
    fn replicas(&self) -> i32 {
        self.deployment.map_or(0, |deployment| {
            deployment
                .spec
                .as_ref()
                .and_then(|spec| spec.replicas)
                .unwrap_or(1)
        })
    }

    /// What the objects say of the chain's times.
    fn fill_in(&self, constants: &mut Constants) {
        if let Some(spec) = self.scaled_object.and_then(|object| object.spec.as_ref()) {
            let seconds =
                |value: Option<i64>| value.filter(|value| *value > 0).map(|value| value * 1000);
            constants.keda_polling =
                seconds(spec.polling_interval).unwrap_or(constants.keda_polling);
            constants.keda_cooldown =
                seconds(spec.cooldown_period).unwrap_or(constants.keda_cooldown);
        }
        if let Some(interval) = self.collector.and_then(scrape_interval) {
            constants.scrape_interval = interval;
        }
    }

    fn scaling(&self, plan: &Plan, world: &World, service: &ObjectKey) -> Scaling {
        let hpa_spec = self.hpa.and_then(|hpa| hpa.spec.as_ref());
        let Some(spec) = hpa_spec else {
            let wanted = self.scaled_object.is_some() || asks_for_scaling(world, service);
            return Scaling::Fixed(match (refusal(plan, service), self.deployment) {
                (Some(why), None) => Fixed::Refused(why),
                (None, None) => Fixed::Refused("no Deployment is made".to_owned()),
                (Some(why), Some(_)) if wanted => Fixed::Refused(why),
                (None, Some(_)) if wanted => Fixed::Refused("no HPA is made".to_owned()),
                (_, Some(_)) => Fixed::Asked,
            });
        };
        let metrics = spec.metrics.as_deref().unwrap_or_default();
        let external: Vec<_> = metrics.iter().filter_map(external).collect();
        if external.is_empty() {
            return Scaling::Fixed(Fixed::Cpu(refusal(plan, service)));
        }
        let scaled = self.scaled_object.and_then(|object| object.spec.as_ref());
        let triggers = scaled
            .and_then(|spec| spec.triggers.as_deref())
            .unwrap_or_default();
        let labels = self.labels();
        Scaling::Keda(Keda {
            min_replica_count: scaled
                .and_then(|spec| spec.min_replica_count)
                .map_or(0, |count| i32::try_from(count).unwrap_or(i32::MAX)),
            ignored: ignored(plan, service),
            hpa: Spec {
                min: spec.min_replicas.unwrap_or(1),
                max: spec.max_replicas,
                targets: external.iter().map(|(_, target)| *target).collect(),
                behavior: spec.behavior.as_ref().map(Behavior::from_api),
            },
            triggers: triggers
                .iter()
                .enumerate()
                .map(|(index, trigger)| {
                    // KEDA names a metric after its trigger's index.
                    let prefix = format!("s{index}-");
                    let metric = external.iter().find(|(name, _)| name.starts_with(&prefix));
                    let text = |key: &str| trigger.metadata.get(key).map(String::as_str);
                    let query = Query::parse(text("metricQuery").unwrap_or_default());
                    Trigger {
                        metric: metric.map(|(name, _)| (*name).to_owned()),
                        operation: Operation::lenient(text("operationOverTime")),
                        clamp: Clamp::parse(text("clampMin"), text("clampMax")),
                        cached: trigger.use_cached_metrics.unwrap_or(false),
                        delivery: query
                            .as_ref()
                            .map_or(Delivery::Pods, |query| self.delivery(query, &labels)),
                        query,
                    }
                })
                .collect(),
        })
    }

    /// The labels that the sidecar puts on every series, less those that differ from pod to pod.
    fn labels(&self) -> Labels {
        let metadata = self.deployment.map(|deployment| &deployment.metadata);
        let namespace = metadata.and_then(|metadata| metadata.namespace.as_deref());
        let name = metadata.and_then(|metadata| metadata.name.as_deref());
        let pairs = [("namespace", namespace), ("deployment", name)];
        pairs
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }

    /// Whether the metric of a query reaches the add-on, and under the labels that it asks for.
    fn delivery(&self, query: &Query, labels: &Labels) -> Delivery {
        let Some(collector) = self.collector else {
            return Delivery::Never(self.no_sidecar());
        };
        if let Some(names) = metric_names(collector)
            && !names.iter().any(|name| passes(name, &query.name))
        {
            let names: Vec<String> = names.into_iter().collect();
            return Delivery::Never(format!(
                "the sidecar lets only {} through, not `{}`",
                names.join(", "),
                query.name
            ));
        }
        match labels.contradiction(query) {
            Some((label, wanted)) => {
                Delivery::OtherLabels(format!("the query asks for {label}=\"{wanted}\""))
            }
            None => Delivery::Pods,
        }
    }
}

impl Objects<'_> {
    fn no_sidecar(&self) -> String {
        let deployment = self.deployment.and_then(|it| it.metadata.name.as_deref());
        let wanted = self.deployment.and_then(wanted_collector);
        match wanted {
            Some(wanted) if Some(wanted) != deployment => {
                format!("no sidecar: there is no collector `{wanted}`, and no metric ever arrives")
            }
            Some(_) => {
                "no sidecar: without metricNames no collector is made, and no metric ever arrives"
                    .to_owned()
            }
            None => "no sidecar: its pods ask for none, and no metric ever arrives".to_owned(),
        }
    }
}

/// The name under which the add-on keeps a metric that the filter lets through; a histogram is kept as its count.
fn passes(filter: &str, asked: &str) -> bool {
    let kept = filter.replace(['/', '.'], "_");
    asked == kept || asked.strip_suffix("_count") == Some(kept.as_str())
}

fn external(metric: &MetricSpec) -> Option<(&str, Target)> {
    let external = metric.external.as_ref()?;
    let milli = |text: &str| Quantity::parse(text).map_or(0, |quantity| quantity.milli_value());
    let target = match (&external.target.average_value, &external.target.value) {
        (Some(average), _) => Target::Average(milli(&average.0)),
        (None, Some(value)) => Target::Value(milli(&value.0)),
        (None, None) => return None,
    };
    Some((external.metric.name.as_str(), target))
}

/// The collector that the pods of a Deployment get as sidecar (spec 5.2).
fn collector<'a>(
    world: &'a World,
    namespace: &str,
    deployment: &Deployment,
) -> Option<&'a OpenTelemetryCollector> {
    let inject = wanted_collector(deployment)?;
    if inject.eq_ignore_ascii_case("true") {
        return world.list::<OpenTelemetryCollector>(namespace).next();
    }
    let (namespace, name) = inject.split_once('/').unwrap_or((namespace, inject));
    world.get::<OpenTelemetryCollector>(namespace, name)
}

/// What the pods of a Deployment say of a sidecar.
fn wanted_collector(deployment: &Deployment) -> Option<&str> {
    let template = deployment.spec.as_ref()?.template.metadata.as_ref()?;
    let inject = template
        .annotations
        .as_ref()?
        .get("sidecar.opentelemetry.io/inject")?;
    Some(inject)
}

fn config(collector: &OpenTelemetryCollector) -> Option<Value> {
    let spec = collector.spec.as_ref()?;
    serde_json::to_value(&spec.config).ok()
}

fn scrape_interval(collector: &OpenTelemetryCollector) -> Option<i64> {
    let config = config(collector)?;
    let interval =
        config.pointer("/receivers/prometheus/config/scrape_configs/0/scrape_interval")?;
    duration(interval.as_str()?).filter(|ms| *ms > 0)
}

/// The names that the sidecar's filter lets through; `None` when there is no filter.
fn metric_names(collector: &OpenTelemetryCollector) -> Option<BTreeSet<String>> {
    let config = config(collector)?;
    let names = config.pointer("/processors/filter~1metrics/metrics/include/metric_names")?;
    let names = names.as_array()?.iter().filter_map(Value::as_str);
    Some(names.map(str::to_owned).collect())
}

/// Whether a service asks for autoscaling at all.
fn asks_for_scaling(world: &World, service: &ObjectKey) -> bool {
    match world.object(service) {
        Some(Object::AimService(service)) => service.spec.as_ref().is_some_and(|spec| {
            spec.min_replicas.is_some()
                || spec.max_replicas.is_some()
                || spec.auto_scaling.is_some()
        }),
        Some(Object::InferenceService(service)) => service.spec.as_ref().is_some_and(|spec| {
            spec.predictor.auto_scaling.is_some() || spec.predictor.max_replicas.is_some()
        }),
        _ => true,
    }
}

/// What the stack passes over in what a service says of its metrics.
fn ignored(plan: &Plan, service: &ObjectKey) -> Vec<String> {
    let passed_over = |finding: &&Finding| {
        [&K204, &O404].contains(&finding.rule) && finding.place.object.as_ref() == Some(service)
    };
    let findings = plan.findings.iter().filter(passed_over);
    findings
        .map(|finding| format!("{}: {}", finding.rule.code, finding.message))
        .collect()
}

/// The first thing that breaks a service's chain, in its refuser's words where there are any.
fn refusal(plan: &Plan, service: &ObjectKey) -> Option<String> {
    let about = |finding: &&Finding| {
        finding.level == Level::Error && finding.place.object.as_ref() == Some(service)
    };
    let finding = plan.findings.iter().find(about)?;
    let code = finding.rule.code;
    Some(match &finding.refusal {
        Some(words) => format!("{code}: {}: {words}", finding.message),
        None => format!("{code}: {}", finding.message),
    })
}

fn pod_spec(deployment: &Deployment) -> Option<&PodSpec> {
    deployment.spec.as_ref()?.template.spec.as_ref()
}
