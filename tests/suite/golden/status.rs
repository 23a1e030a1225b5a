//! Comparing statuses: an AIMService's conditions and runtime as far as they do not depend on timing.

use aimctl::engine::Plan;
use aimctl::inventory::{Kind, ObjectKey};
use serde_json::Value;

use super::compare::{self, Outcome};

/// Statuses of models and templates, whole, but for texts that hang on time or on the recording's own registry.
pub(super) fn models_and_templates(expected: &[Value], plan: &Plan) -> Outcome {
    const KINDS: [Kind; 4] = [
        Kind::AimModel,
        Kind::AimClusterModel,
        Kind::AimServiceTemplate,
        Kind::AimClusterServiceTemplate,
    ];
    let mut outcome = Outcome::default();
    for document in expected {
        let text = |key: &str| {
            document
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let (kind, name) = (text("kind"), text("name"));
        let Some(kind) = KINDS.into_iter().find(|known| known.as_str() == kind) else {
            continue;
        };
        let path = format!("{kind} {name}.status");
        let Some(entry) = plan
            .world
            .entry(&ObjectKey::new(kind, text("namespace"), name))
        else {
            outcome.different.push(format!("{path}: missing"));
            continue;
        };
        let actual = entry.object.to_value();
        let settled = |status: Option<&Value>| {
            let mut status = status.cloned().unwrap_or_default();
            let conditions = conditions_with_messages(&status);
            if let Some(map) = status.as_object_mut() {
                map.insert("conditions".to_owned(), conditions);
                map.remove("observedGeneration");
                if let Some(discovery) = map.get_mut("discovery").and_then(Value::as_object_mut) {
                    discovery.remove("lastAttemptTime");
                    discovery.remove("specHash");
                }
                if let Some(metadata) = map.get_mut("imageMetadata").and_then(Value::as_object_mut)
                {
                    metadata.remove("originalLabels");
                    metadata.remove("oci");
                }
            }
            status
        };
        let mut recorded = settled(document.get("status"));
        let planned = settled(actual.get("status"));
        // A cluster model that waits for a nudge (spec 2.18, 6) is taken as nudged.
        let templates = "/conditions/ClusterServiceTemplatesReady";
        if let (Some(old), Some(new)) =
            (recorded.pointer_mut(templates), planned.pointer(templates))
            && old["reason"] == "NoTemplatesExpected"
            && new["reason"] == "AllTemplatesReady"
        {
            *old = new.clone();
        }
        compare::values(&path, &recorded, &planned, &mut outcome);
    }
    outcome
}

/// Conditions by type: status, reason, message; without messages that count seconds or list things in random order.
fn conditions_with_messages(status: &Value) -> Value {
    let mut by_type = serde_json::Map::new();
    for condition in status["conditions"].as_array().into_iter().flatten() {
        let mut condition = condition.clone();
        let message = condition["message"].as_str().unwrap_or_default();
        let loose = [
            "before retry",
            "Waiting for discovery",
            "GPU available (any model",
            "Container discovery failed",
            "failed to fetch image",
        ];
        let loose = loose.iter().any(|text| message.contains(text));
        if let Some(map) = condition.as_object_mut() {
            map.remove("lastTransitionTime");
            map.remove("observedGeneration");
            if loose {
                map.remove("message");
            }
        }
        let name = condition["type"].as_str().unwrap_or_default().to_owned();
        by_type.insert(name, condition);
    }
    Value::Object(by_type)
}

pub(super) fn compare(expected: &[Value], plan: &Plan) -> Outcome {
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
            // The recordings sort them.
            list.sort_by_key(|c| c["type"].as_str().map(str::to_owned));
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
