//! KServe alone: its stage from the recorded InferenceServices, and the statuses and events that it leaves.

use aimctl::engine::{self, Given, Plan};
use aimctl::inventory::{Facts, Kind, Object, ObjectKey};
use aimctl::kube::unknown::KNOWN_AFTER_APPLY;
use aimctl::source::DocumentId;
use serde_json::{Value, json};

use super::case::Case;
use super::compare::{self, Outcome};

/// What KServe makes of the InferenceServices that AIM Engine was recorded to write.
pub(super) fn stage(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    if case.is_edited() {
        return outcome;
    }
    let given: Vec<Given> = case
        .documents("aim.yaml")
        .into_iter()
        .filter(|value| value["kind"] == "InferenceService")
        .enumerate()
        .map(|(index, value)| {
            let text = value.to_string().replace("<*>", KNOWN_AFTER_APPLY);
            let value = serde_json::from_str(&text).unwrap();
            Given {
                document: DocumentId(index),
                object: Object::from_value(Kind::InferenceService, value).unwrap(),
                fact: false,
            }
        })
        .collect();
    let plan = engine::plan(given, Facts::default()).unwrap();
    case.compare("kserve.yaml", &plan, &mut outcome);
    for expected in case.documents("status.yaml") {
        if expected["kind"] == "InferenceService" {
            let status = status_of(&expected, &plan);
            let path = format!("InferenceService {}.status", expected["name"]);
            compare::values(&path, &expected["status"], &status, &mut outcome);
        }
    }
    let recorded: Vec<Value> = case
        .documents("refused.yaml")
        .into_iter()
        .filter(|entry| entry["by"] == "event:v1beta1Controllers")
        .map(|entry| json!({"reason": entry["reason"], "message": entry["message"]}))
        .collect();
    let events: Vec<Value> = warnings(&plan);
    compare::values("warnings", &json!(recorded), &json!(events), &mut outcome);
    outcome
}

/// Status and events of the `kserve/` cases, where the Deployment was made available or nothing depends on it.
pub(super) fn verdict(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    let recorded = case.documents("verdict.yaml").remove(0);
    let plan = case.plan();
    let after = |key: &str, updated: &str| {
        let updated = &recorded[updated];
        if updated.is_null() {
            &recorded[key]
        } else {
            updated
        }
        .clone()
    };
    let status = after("status", "statusAfterUpdate");
    let mut events: Vec<Value> = after("events", "eventsAfterUpdate")
        .as_array()
        .into_iter()
        .flatten()
        .filter(|event| event["kind"] == "InferenceService")
        .map(|event| json!({"reason": event["reason"], "message": event["message"]}))
        .collect();
    // The tool's world is one in which pods become ready.
    let unready = status["conditions"].as_array().is_some_and(|list| {
        list.iter()
            .any(|condition| condition["reason"] == "MinimumReplicasUnavailable")
    });
    if unready {
        return outcome;
    }
    let key = plan
        .world
        .iter()
        .map(|(key, _)| key)
        .find(|key| key.kind == Kind::InferenceService);
    let Some(key) = key else {
        compare::values("status", &status, &Value::Null, &mut outcome);
        return outcome;
    };
    let mut actual = plan.world.object(key).unwrap().to_value()["status"].clone();
    if let Some(map) = actual.as_object_mut() {
        map.remove("modelStatus");
    }
    if actual.is_null() {
        actual = json!({});
    }
    compare::values("status", &status, &actual, &mut outcome);
    let mut planned: Vec<Value> = plan
        .world
        .events(key)
        .map(|event| json!({"reason": event.reason, "message": event.message}))
        .collect();
    events.sort_by_key(Value::to_string);
    planned.sort_by_key(Value::to_string);
    compare::values("events", &json!(events), &json!(planned), &mut outcome);
    outcome
}

fn status_of(expected: &Value, plan: &Plan) -> Value {
    let text = |field: &str| expected[field].as_str().unwrap_or_default();
    let key = ObjectKey::new(Kind::InferenceService, text("namespace"), text("name"));
    plan.world
        .object(&key)
        .map(|object| object.to_value()["status"].clone())
        .unwrap_or_default()
}

fn warnings(plan: &Plan) -> Vec<Value> {
    plan.world
        .iter()
        .filter(|(key, _)| key.kind == Kind::InferenceService)
        .flat_map(|(key, _)| plan.world.events(key))
        .filter(|event| event.warning)
        .map(|event| json!({"reason": event.reason, "message": event.message}))
        .collect()
}
