//! The validating webhook (KServe 0.16.0, `inference_service_validation.go`; spec 3.1.3). The first error wins.

use super::defaults::MODE;
use super::{storage, validator};
use crate::api::kserve::{
    EXTERNAL, InferenceService, MetricTarget, MetricsSpec, POD_METRIC, Predictor, RESOURCE,
};
use crate::diag::{FieldPath, Refusal};
use crate::kube::quantity::Quantity;
use crate::rules::{K201, K202, K203, K205, K206, K207, K218, K220, Rule};

/// Annotation that says what scales.
const CLASS: &str = "serving.kserve.io/autoscalerClass";

/// Autoscaler classes that KServe knows.
const CLASSES: [&str; 4] = ["hpa", "keda", "external", "none"];

type Check = Result<(), Box<Refusal>>;

fn refuse(rule: &'static Rule, path: &FieldPath, cause: &str) -> Check {
    Err(Box::new(validator(rule, cause).at(path)))
}

/// Whether KServe takes the object, on an update also with what it reported before.
pub(super) fn check(isvc: &InferenceService, old: Option<&InferenceService>) -> Check {
    if let Some(old) = old {
        mode_unchanged(isvc, old)?;
    }
    name(isvc)?;
    class(isvc)?;
    let Some(spec) = &isvc.spec else {
        return Ok(());
    };
    let path = FieldPath::parse("spec.predictor");
    let predictor = &spec.predictor;
    implementation(predictor, &path)?;
    protocol(predictor, &path)?;
    extension(predictor, &path)?;
    scaling(isvc, predictor, &path)
}

fn annotation<'a>(isvc: &'a InferenceService, key: &str) -> Option<&'a str> {
    isvc.metadata
        .annotations
        .as_ref()?
        .get(key)
        .map(String::as_str)
}

fn mode_unchanged(isvc: &InferenceService, old: &InferenceService) -> Check {
    let was = old
        .status
        .as_ref()
        .and_then(|status| status.deployment_mode.as_deref())
        .unwrap_or_default();
    match annotation(isvc, MODE) {
        Some(mode) if !was.is_empty() && mode != was => Err(Box::new(
            validator(
                &K218,
                &format!(
                    "update rejected: deploymentMode cannot be changed from '{was}' to '{mode}'"
                ),
            )
            .at(&FieldPath::parse("metadata.annotations").key(MODE))
            .summary(format!("the deployment mode `{mode}` is not the one that KServe works in, `{was}`"))
            .consequence("every update is refused, even the removal of the finalizer, so the object cannot be deleted either")
            .help(format!("write `{MODE}: {was}`")),
        )),
        _ => Ok(()),
    }
}

fn name(isvc: &InferenceService) -> Check {
    let name = isvc.metadata.name.as_deref().unwrap_or_default();
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.ends_with(edge)
        && name.chars().all(|c| edge(c) || c == '-');
    if fits {
        return Ok(());
    }
    let cause = format!(
        "the InferenceService \"{name}\" is invalid: a InferenceService name must consist of lower case alphanumeric characters or '-', and must start with alphabetical character. (e.g. \"my-name\" or \"abc-123\", regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
    );
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    let what = if digit {
        format!("the InferenceService's name `{name}` starts with a digit")
    } else {
        format!(
            "the InferenceService's name `{name}` is more than lower-case letters, digits and dashes"
        )
    };
    let rule = if digit { &K205 } else { &K218 };
    Err(Box::new(
        validator(rule, &cause)
            .at(&FieldPath::parse("metadata.name"))
            .summary(what)
            .consequence("the InferenceService is never made, so nothing serves")
            .help("choose a name that starts with a letter"),
    ))
}

fn class(isvc: &InferenceService) -> Check {
    match annotation(isvc, CLASS) {
        Some(class) if !CLASSES.contains(&class) => Err(Box::new(
            validator(
                &K207,
                &format!("[{class}] is not a supported autoscaler class type"),
            )
            .at(&FieldPath::parse("metadata.annotations").key(CLASS))
            .summary(format!("the autoscaler class `{class}` is unknown"))
            .help(format!("write one of {}", CLASSES.join(", "))),
        )),
        _ => Ok(()),
    }
}

/// Exactly one way to serve: a container of one's own, or a model server.
fn implementation(predictor: &Predictor, path: &FieldPath) -> Check {
    let others = &predictor.others;
    let servers = [
        &others.model,
        &others.sklearn,
        &others.xgboost,
        &others.tensorflow,
        &others.pytorch,
        &others.triton,
        &others.onnx,
        &others.huggingface,
        &others.pmml,
        &others.lightgbm,
        &others.paddle,
    ];
    let servers = servers.into_iter().flatten().count();
    let own = predictor
        .pod
        .containers
        .iter()
        .filter(|container| container.name == storage::SERVER)
        .count();
    let own = if servers + own == 0 {
        usize::from(!predictor.pod.containers.is_empty())
    } else {
        own
    };
    if servers + own == 1 {
        return Ok(());
    }
    let cause = "exactly one of [SKLearn, XGBoost, Tensorflow, PyTorch, Triton, ONNX, HuggingFace, PMML, LightGBM, Paddle, Model, StorageUris, WorkerSpec, PodSpec] must be specified in PredictorSpec";
    refuse(&K218, path, cause)
}

fn protocol(predictor: &Predictor, path: &FieldPath) -> Check {
    let Some(container) = predictor.pod.containers.first() else {
        return Ok(());
    };
    let variables = container.env.iter().flatten().enumerate();
    let Some((index, variable)) = variables
        .into_iter()
        .find(|(_, variable)| variable.name == "PROTOCOL")
    else {
        return Ok(());
    };
    let value = variable.value.as_deref().unwrap_or_default();
    if matches!(value, "v1" | "v2") {
        return Ok(());
    }
    let what = if variable.value_from.is_some() {
        "env PROTOCOL is set by `valueFrom`, which KServe reads as the empty text".to_owned()
    } else {
        format!("env PROTOCOL is `{value}`; KServe takes only v1 and v2")
    };
    Err(Box::new(
        validator(
            &K206,
            &format!("invalid protocol v1, v2. Must be one of [{value}]"),
        )
        .at(
            &path.key("containers").index(0).key("env").index(index).key(
                if variable.value_from.is_some() {
                    "valueFrom"
                } else {
                    "value"
                },
            ),
        )
        .summary(what)
        .consequence("the InferenceService is refused each time, so nothing serves")
        .help("leave PROTOCOL out, or set it to v1 or v2"),
    ))
}

fn extension(predictor: &Predictor, path: &FieldPath) -> Check {
    if predictor.container_concurrency.is_some_and(|n| n < 0) {
        let cause = "parallelism cannot be less than 0";
        return refuse(&K218, &path.key("containerConcurrency"), cause);
    }
    let min = predictor.min_replicas.unwrap_or(1);
    let max = predictor.max_replicas.unwrap_or(0);
    let (min_path, max_path) = (path.key("minReplicas"), path.key("maxReplicas"));
    for (number, path, cause) in [
        (min, &min_path, "'MinReplicas' cannot be less than 0"),
        (max, &max_path, "'MaxReplicas' cannot be less than 0"),
    ] {
        if number < 0 {
            return Err(Box::new(
                validator(&K220, cause)
                    .at(path)
                    .summary(format!("{number} is a negative number of replicas"))
                    .consequence("the InferenceService is refused each time, so nothing serves")
                    .help("write 0 or more"),
            ));
        }
    }
    if min > max && max != 0 {
        return Err(Box::new(
            validator(&K201, "'MinReplicas' cannot be greater than MaxReplicas")
                .at(&min_path)
                .summary(format!(
                    "minReplicas {min} is greater than maxReplicas {max}"
                ))
                .related(min_path, format!("the minimum is {min}"))
                .related(max_path, format!("the maximum is {max}"))
                .consequence("the InferenceService is refused each time, so nothing serves")
                .help(format!(
                    "raise maxReplicas to at least {min}, or lower minReplicas"
                )),
        ));
    }
    Ok(())
}

fn scaling(isvc: &InferenceService, predictor: &Predictor, path: &FieldPath) -> Check {
    let class = annotation(isvc, CLASS).unwrap_or_default();
    match (annotation(isvc, MODE).unwrap_or_default(), class) {
        ("Standard", "hpa") => hpa(predictor, path),
        ("Standard", "keda") => keda(predictor, path),
        ("Standard", _) => Ok(()),
        _ if annotation(isvc, "autoscaling.knative.dev/class")
            == Some("hpa.autoscaling.knative.dev") =>
        {
            hpa(predictor, path)
        }
        _ => knative(predictor, path),
    }
}

fn hpa(predictor: &Predictor, path: &FieldPath) -> Check {
    let metric = predictor.scale_metric.as_deref().unwrap_or("cpu");
    let (metric_path, target_path) = (path.key("scaleMetric"), path.key("scaleTarget"));
    if !matches!(metric, "cpu" | "memory") {
        let cause = format!("[{metric}] is not a supported metric");
        return refuse(&K218, &metric_path, &cause);
    }
    if let Some(target) = predictor.scale_target {
        if metric == "cpu" && target < 1 || target > 100 {
            return refuse(&K218, &target_path, UTILIZATION);
        }
        if metric == "memory" && target < 1 {
            let cause = "the target memory should be greater than 1 MiB";
            return refuse(&K218, &target_path, cause);
        }
    }
    let metrics = predictor.auto_scaling.iter().flat_map(|a| &a.metrics);
    for (index, metric) in metrics.enumerate() {
        let path = path.key("autoScaling").key("metrics").index(index);
        if metric.type_ != RESOURCE {
            let cause = format!(
                "invalid HPA metric source type with value [{}],valid metric source types are Resource",
                metric.type_
            );
            return refuse(&K218, &path.key("type"), &cause);
        }
        if metric.resource.is_none() {
            let cause = "metricSpec.Resource is not set for resource metric source type";
            return refuse(&K202, &path, cause);
        }
    }
    Ok(())
}

fn knative(predictor: &Predictor, path: &FieldPath) -> Check {
    if predictor.deployment_strategy.is_some() {
        let cause = "customizing deploymentStrategy is only supported for raw deployment mode";
        return refuse(&K218, &path.key("deploymentStrategy"), cause);
    }
    let metric = predictor.scale_metric.as_deref().unwrap_or("concurrency");
    if !matches!(metric, "concurrency" | "rps") {
        let cause = format!("[{metric}] is not a supported metric");
        return refuse(&K218, &path.key("scaleMetric"), &cause);
    }
    if metric == "rps" && predictor.scale_target.is_some_and(|target| target < 1) {
        let cause = "the target for rps should be greater than 1";
        return refuse(&K218, &path.key("scaleTarget"), cause);
    }
    Ok(())
}

fn keda(predictor: &Predictor, path: &FieldPath) -> Check {
    if predictor.scale_metric.is_some() {
        let cause = "ScaleMetric is not supported for KEDA";
        return refuse(&K218, &path.key("scaleMetric"), cause);
    }
    let metrics = predictor.auto_scaling.iter().flat_map(|a| &a.metrics);
    for (index, spec) in metrics.enumerate() {
        let path = path.key("autoScaling").key("metrics").index(index);
        match spec.type_.as_str() {
            RESOURCE => resource(spec, &path)?,
            EXTERNAL => {
                let source = spec.external.as_ref();
                let query = source.map(|s| s.metric.query.as_deref().unwrap_or_default());
                let name = ("External", "external");
                queried(name, query, source.map(|s| &s.target), &path)?;
            }
            POD_METRIC => {
                let source = spec.podmetric.as_ref();
                let query = source.map(|s| s.metric.query.as_deref().unwrap_or_default());
                let name = ("PodMetric", "podmetric");
                queried(name, query, source.map(|s| &s.target), &path)?;
            }
            other => {
                let cause = format!(
                    "unknown KEDA metric type with value [{other}].Valid types are Resource,External,PodMetric"
                );
                return refuse(&K218, &path.key("type"), &cause);
            }
        }
    }
    Ok(())
}

fn resource(spec: &MetricsSpec, path: &FieldPath) -> Check {
    let Some(source) = &spec.resource else {
        let cause = "metricSpec.Resource is not set for resource metric source type";
        return refuse(&K202, path, cause);
    };
    let path = path.key("resource");
    let type_path = path.key("target").key("type");
    let target = &source.target;
    match (source.name.as_str(), target.type_.as_str()) {
        ("cpu", "Utilization") | ("memory", "Utilization") => {}
        ("cpu", _) => {
            let cause = "the cpu target value type should be Utilization";
            return refuse(&K218, &type_path, cause);
        }
        ("memory", "AverageValue") => {
            let mebibyte = Quantity::from_integer(1 << 20, crate::kube::quantity::Format::BinarySi);
            let amount = target
                .average_value
                .as_ref()
                .and_then(|value| Quantity::parse(value.as_str()).ok());
            if amount.is_none_or(|amount| amount < mebibyte) {
                let cause = "the memory target value should be greater than 1 MiB";
                return refuse(&K218, &path.key("target").key("averageValue"), cause);
            }
        }
        ("memory", _) => {
            let cause = "the memory target value type should be AverageValue or Utilization";
            return refuse(&K218, &type_path, cause);
        }
        (other, _) => {
            let cause = format!("resource type {other} is not supported");
            return refuse(&K218, &path.key("name"), &cause);
        }
    }
    of_its_type(target, &path.key("target"))
}

/// A metric with a query: the source, the query, the value, and what the target's type asks for.
fn queried(
    (go_name, key): (&str, &str),
    query: Option<&str>,
    target: Option<&MetricTarget>,
    path: &FieldPath,
) -> Check {
    let (Some(query), Some(target)) = (query, target) else {
        let source = if key == "podmetric" {
            "pod"
        } else {
            "external"
        };
        let cause = format!("metricSpec.{go_name} is not set for {source} metric source type");
        return Err(Box::new(
            validator(&K202, &cause)
                .at(path)
                .summary(format!("the metric of type {go_name} has no `{key}`"))
                .consequence(NEVER_MADE)
                .help(format!("add `{key}` with metric and target")),
        ));
    };
    let path = path.key(key);
    if query.is_empty() {
        return Err(Box::new(
            validator(&K202, "the query should not be empty")
                .at(&path.key("metric"))
                .summary("the metric has no query")
                .consequence(NEVER_MADE)
                .help("set `query` to the name of a metric, such as `vllm:num_requests_running`"),
        ));
    }
    let path = path.key("target");
    if target.value.is_none() {
        let type_ = &target.type_;
        let what = if type_ == "Value" {
            "the target has no value".to_owned()
        } else {
            format!("the target has no `value`; KServe asks for it also with type {type_}")
        };
        return Err(Box::new(
            validator(&K203, "the target threshold value should not be empty")
                .at(&path)
                .summary(what)
                .consequence(NEVER_MADE)
                .help("set `value` to a whole number, such as \"10\": the average per pod to keep"),
        ));
    }
    of_its_type(target, &path)
}

const NEVER_MADE: &str = "the InferenceService is refused each time, so nothing serves";
const UTILIZATION: &str = "the target utilization percentage should be a [1-100] integer";

fn of_its_type(target: &MetricTarget, path: &FieldPath) -> Check {
    let missing = |key: &str, cause: &str| {
        Err(Box::new(
            validator(&K203, cause)
                .at(path)
                .summary(format!(
                    "a target of type {} needs `{key}`, too",
                    target.type_
                ))
                .consequence(NEVER_MADE)
                .help("use type Value with `value`: the other types are checked and then ignored"),
        ))
    };
    match target.type_.as_str() {
        "Utilization" => match target.average_utilization {
            None => missing(
                "averageUtilization",
                "the AverageUtilization type should be set",
            ),
            Some(percent) if !(1..=100).contains(&percent) => {
                refuse(&K218, &path.key("averageUtilization"), UTILIZATION)
            }
            Some(_) => Ok(()),
        },
        "AverageValue" if target.average_value.is_none() => {
            missing("averageValue", "the AverageValue type should be set")
        }
        "Value" if target.value.is_none() => missing("value", "the Value type should be set"),
        _ => Ok(()),
    }
}
