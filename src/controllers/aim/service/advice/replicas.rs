//! Replicas that do not count, or are none (M109, M142).

use super::super::observe::Observation;
use super::field;
use crate::diag::Finding;
use crate::rules;

/// `replicas` beside anything that switches autoscaling on (AIM Engine 0.2.1, spec 2.11).
pub(super) fn ignored(seen: &Observation<'_>) -> Option<Finding> {
    // The CRD writes 1 where nothing is written, so 1 may be nobody's wish.
    let replicas = seen.spec.replicas.filter(|replicas| *replicas != 1)?;
    let set = [
        ("minReplicas", seen.spec.min_replicas.is_some()),
        ("maxReplicas", seen.spec.max_replicas.is_some()),
        ("autoScaling", seen.spec.auto_scaling.is_some()),
    ];
    let mut causes = set.iter().filter(|(_, set)| *set).map(|(name, _)| *name);
    let cause = causes.next()?;
    let place = field(seen, "spec.replicas");
    let min = seen.spec.min_replicas.unwrap_or(1);
    let max = seen
        .spec
        .max_replicas
        .or(seen.spec.min_replicas)
        .unwrap_or(1);
    let range = if min == max {
        format!("{min}")
    } else {
        format!("{min} to {max}")
    };
    let mut finding = Finding::new(
        &rules::M109,
        place,
        format!("replicas: {replicas} is ignored, since {cause} switches autoscaling on"),
    )
    .label("ignored")
    .consequence(format!("the service runs with {range} replicas"))
    .help("remove replicas, or everything that switches autoscaling on for a fixed number");
    for cause in std::iter::once(cause).chain(causes) {
        finding = finding.related(
            field(seen, &format!("spec.{cause}")),
            "switches autoscaling on",
        );
    }
    Some(finding)
}

/// A fixed number of none: the service waits for a pod (AIM Engine 0.2.1, spec 2.11).
pub(super) fn none(seen: &Observation<'_>) -> Option<Finding> {
    if seen.is_autoscaled() || seen.spec.replicas != Some(0) {
        return None;
    }
    Some(
        Finding::new(
            &rules::M142,
            field(seen, "spec.replicas"),
            "replicas: 0 runs no pod",
        )
        .consequence("everything is made, and the service stays Starting (NoPods)")
        .help("write the number of replicas that you want"),
    )
}
