//! Comparing statuses: an AIMService's conditions and runtime as far as they do not depend on timing.

use aimctl::engine::Plan;
use aimctl::inventory::{Kind, ObjectKey};
use serde_json::Value;

use super::compare::{self, Outcome};

pub fn compare(expected: &[Value], plan: &Plan) -> Outcome {
    let mut outcome = Outcome::default();
    for document in expected {
        let kind = document
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = document
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let namespace = document
            .get("namespace")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind == "ScaledObject" {
            outcome.add(scaled_object(document, name, namespace, plan));
            continue;
        }
        if kind != "AIMService" {
            continue;
        }
        let Some(entry) = plan
            .world
            .entry(&ObjectKey::new(Kind::AimService, namespace, name))
        else {
            outcome.different.push(format!("{kind} {name}: missing"));
            continue;
        };
        let actual = entry.object.to_value();
        let autoscaled = ["minReplicas", "maxReplicas", "autoScaling"]
            .iter()
            .any(|field| actual.pointer(&format!("/spec/{field}")).is_some());
        let expected = document.get("status").cloned().unwrap_or_default();
        let actual = actual.get("status").cloned().unwrap_or_default();
        let path = format!("{kind} {name}.status");
        let (a, b) = (
            conditions(&expected, autoscaled),
            conditions(&actual, autoscaled),
        );
        compare::values(&format!("{path}.conditions"), &a, &b, &mut outcome);
        if !autoscaled {
            for field in ["runtime", "status"] {
                let null = Value::Null;
                let (a, b) = (
                    expected.get(field).unwrap_or(&null),
                    actual.get(field).unwrap_or(&null),
                );
                compare::values(&format!("{path}.{field}"), a, b, &mut outcome);
            }
        }
    }
    outcome
}

/// A ScaledObject's status, labels and finalizers. The condition Active, and Ready once the polls have begun to fail,
/// hang on timing (spec 4.1).
fn scaled_object(expected: &Value, name: &str, namespace: &str, plan: &Plan) -> Outcome {
    let mut outcome = Outcome::default();
    let found = plan.objects.iter().find(|planned| {
        planned.key.kind == Kind::ScaledObject
            && planned.key.name == name
            && (namespace.is_empty() || planned.key.namespace == namespace)
    });
    let Some(found) = found else {
        outcome
            .different
            .push(format!("ScaledObject {name}: missing"));
        return outcome;
    };
    let object = found.object.to_value();
    let polled = |status: &Value| {
        let reasons = ["TriggerError", "PartialTriggerError"];
        let conditions = status.get("conditions").and_then(Value::as_array);
        conditions.is_some_and(|list| {
            list.iter()
                .any(|c| reasons.iter().any(|reason| c["reason"] == *reason))
        })
    };
    let null = Value::Null;
    let recorded = expected.get("status").unwrap_or(&null);
    let late = polled(recorded);
    let without_timing = |status: &Value| {
        let mut status = status.clone();
        if let Some(map) = status.as_object_mut() {
            map.remove("lastActiveTime");
            map.remove("health");
        }
        if let Some(list) = status.get_mut("conditions").and_then(Value::as_array_mut) {
            list.retain(|c| c["type"] != "Active" && !(late && c["type"] == "Ready"));
        }
        status
    };
    let actual = object.get("status").unwrap_or(&null);
    let path = format!("ScaledObject {name}");
    compare::values(
        &format!("{path}.status"),
        &without_timing(recorded),
        &without_timing(actual),
        &mut outcome,
    );
    for field in ["labels", "finalizers"] {
        if let Some(recorded) = expected.get(field) {
            let actual = object["metadata"].get(field).unwrap_or(&null);
            compare::values(&format!("{path}.{field}"), recorded, actual, &mut outcome);
        }
    }
    outcome
}

/// Conditions by type: status, reason, message.
fn conditions(status: &Value, autoscaled: bool) -> Value {
    let mut by_type = serde_json::Map::new();
    for condition in status
        .get("conditions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let field = |name: &str| {
            condition
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let timing = autoscaled && ["HPAReady", "Ready"].contains(&field("type").as_str())
            || field("type") == "DependenciesReachable" && field("status") == "True";
        if !timing {
            by_type.insert(
                field("type"),
                serde_json::json!({"status": field("status"), "reason": field("reason")}),
            );
        }
    }
    Value::Object(by_type)
}
