//! Where the fields of an HPA came from.

use k8s_openapi::api::autoscaling::v2::{HorizontalPodAutoscaler, MetricSpec};

use crate::addon::key;
use crate::api::keda::ScaledObject;
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, Object, ObjectKey, World};

/// The ScaledObject's field behind a field of its HPA.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let Object::HorizontalPodAutoscaler(hpa) = made else {
        return Vec::new();
    };
    let Some(owner) = hpa
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == Kind::ScaledObject.as_str())
    else {
        return Vec::new();
    };
    let namespace = hpa.metadata.namespace.as_deref().unwrap_or_default();
    let key = ObjectKey::new(Kind::ScaledObject, namespace, &owner.name);
    let object = world.get::<ScaledObject>(namespace, &owner.name);
    let (path, note) = source(hpa, path, object);
    vec![FieldOrigin {
        object: key,
        path,
        note: note.to_owned(),
    }]
}

fn source(
    hpa: &HorizontalPodAutoscaler,
    path: &FieldPath,
    object: Option<&ScaledObject>,
) -> (FieldPath, &'static str) {
    let at = |text: &str| FieldPath::parse(text);
    let below = |prefix: &str| path.strip_prefix(&at(prefix));
    if let Some(rest) = below("metadata.labels").or_else(|| below("metadata.annotations")) {
        let map = if below("metadata.labels").is_some() {
            "metadata.labels"
        } else {
            "metadata.annotations"
        };
        return (
            at(map).join(&rest),
            "KEDA 2.18.1 gives the HPA the ScaledObject's labels and annotations",
        );
    }
    for (field, from) in [
        ("spec.minReplicas", "spec.minReplicaCount"),
        ("spec.maxReplicas", "spec.maxReplicaCount"),
        ("spec.scaleTargetRef", "spec.scaleTargetRef"),
        (
            "spec.behavior",
            "spec.advanced.horizontalPodAutoscalerConfig.behavior",
        ),
    ] {
        if let Some(rest) = below(field) {
            return (at(from).join(&rest), "KEDA 2.18.1 copies it to the HPA");
        }
    }
    if let Some(rest) = below("spec.metrics") {
        let metric = match rest.0.first() {
            Some(Segment::Index(index)) => hpa
                .spec
                .as_ref()
                .and_then(|spec| spec.metrics.as_ref()?.get(*index)),
            _ => None,
        };
        return metric_source(metric, &rest, object);
    }
    (
        FieldPath::root(),
        "KEDA 2.18.1 makes the HPA of the ScaledObject",
    )
}

/// An external metric carries its trigger's index in its name; a resource metric that no trigger asks for is the API
/// server's default for an HPA without metrics.
fn metric_source(
    metric: Option<&MetricSpec>,
    rest: &FieldPath,
    object: Option<&ScaledObject>,
) -> (FieldPath, &'static str) {
    let triggers = FieldPath::parse("spec.triggers");
    let external = metric
        .and_then(|metric| metric.external.as_ref())
        .and_then(|external| {
            let (index, _) = external.metric.name.strip_prefix('s')?.split_once('-')?;
            index.parse().ok()
        });
    if let Some(index) = external {
        let of_target = rest
            .0
            .iter()
            .any(|s| *s == Segment::Key("target".to_owned()));
        let of_type = rest.0.last() == Some(&Segment::Key("type".to_owned()));
        let trigger = triggers.index(index);
        let path = match (of_target, of_type) {
            (true, false) => trigger.key("metadata").key(key::TARGET_VALUE),
            (true, true) => trigger.key("metricType"),
            _ => trigger,
        };
        return (
            path,
            "KEDA 2.18.1 asks the add-on for the metric of each trigger",
        );
    }
    let resource = metric.and_then(|metric| metric.resource.as_ref());
    let asked = resource.and_then(|resource| {
        let list = object?.spec.as_ref()?.triggers.as_deref()?;
        list.iter()
            .position(|trigger| trigger.type_ == resource.name)
    });
    match asked {
        Some(index) => (
            triggers.index(index).key("metadata").key("value"),
            "KEDA 2.18.1 copies the trigger's value",
        ),
        None => (
            triggers,
            "no trigger gave a metric, so Kubernetes 1.34 fills in CPU 80 %",
        ),
    }
}
