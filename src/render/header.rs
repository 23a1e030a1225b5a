//! The comment block on top of the output: what is rendered, for which stack, and what was taken for granted.

use std::fmt::Write as _;

use crate::api::aim::AimServiceSpec;
use crate::engine::Plan;
use crate::inventory::{Kind, Object};

/// The block, each line beginning with `# `.
#[must_use]
pub fn header(plan: &Plan, stack: &str) -> String {
    let mut out = String::new();
    for key in plan.given().filter(|key| key.kind == Kind::AimService) {
        if let Some(Object::AimService(service)) = plan.world.object(key) {
            let scale = service
                .spec
                .as_ref()
                .map_or_else(|| "no spec".to_owned(), scale);
            let _ = writeln!(out, "# {} (namespace {}): {scale}", key.name, key.namespace);
        }
    }
    let _ = writeln!(out, "# {stack}");
    for (position, assumption) in plan.assumptions.keys().enumerate() {
        let lead = if position == 0 {
            "assumed:"
        } else {
            "        "
        };
        let _ = writeln!(out, "# {lead} {assumption}");
    }
    out
}

/// How many replicas a service asks for, in words.
#[must_use]
pub fn scale(spec: &AimServiceSpec) -> String {
    let replicas = |count: i32| {
        if count == 1 {
            "1 replica".to_owned()
        } else {
            format!("{count} replicas")
        }
    };
    if spec.auto_scaling.is_none() && spec.min_replicas.is_none() && spec.max_replicas.is_none() {
        return format!("{}, fixed", replicas(spec.replicas.unwrap_or(1)));
    }
    let min = spec.min_replicas.unwrap_or(1);
    let max = spec.max_replicas.unwrap_or(min);
    let metrics = spec.auto_scaling.iter().flat_map(|auto| &auto.metrics);
    let queries: Vec<&str> = metrics
        .filter_map(|metric| metric.podmetric.as_ref()?.metric.query.as_deref())
        .collect();
    let on = if queries.is_empty() {
        "no metric".to_owned()
    } else {
        queries.join(", ")
    };
    format!("{min} to {}, on {on}", replicas(max))
}
