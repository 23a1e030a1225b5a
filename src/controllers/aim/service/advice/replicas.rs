//! Replicas that do not count (M109).

use super::super::observe::Observation;
use super::field;
use crate::diag::{Finding, Fix};
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
    let max = seen.spec.max_replicas.or(seen.spec.min_replicas).unwrap_or(1);
    let range = if min == max {
        format!("{min}")
    } else {
        format!("{min} to {max}")
    };
    let mut finding = Finding::new(
        &rules::M109,
        place.clone(),
        format!("replicas: {replicas} is ignored, since {cause} switches autoscaling on"),
    )
    .label("ignored")
    .consequence(format!("the service runs with {range} replicas"))
    .help(format!(
        "remove replicas, or remove {} for a fixed number",
        set.iter()
            .filter(|(_, set)| *set)
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(" and ")
    ))
    .fix(Fix::Remove { place });
    for cause in std::iter::once(cause).chain(causes) {
        finding = finding.related(
            field(seen, &format!("spec.{cause}")),
            "switches autoscaling on",
        );
    }
    Some(finding)
}
