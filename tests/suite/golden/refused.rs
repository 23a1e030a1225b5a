//! What KEDA, the operator and the API server refused in the recorded `keda/` and `otel/` cases, against the findings
//! and events of the plan.

use aimctl::diag::Finding;
use aimctl::engine::Plan;
use aimctl::inventory::Kind;
use serde_json::Value;

use super::case::Case;
use super::compare::Outcome;

/// Texts that hang on what happened before the case, or on when it was looked at (spec 4.1).
const BY_CHANCE: [&str; 4] = [
    "scaler with id 0 not found. Len = 0",
    "ScaledObject was deleted",
    "Triggers defined in ScaledObject are not working correctly",
    "Some triggers defined in ScaledObject are not working correctly",
];

pub(super) fn outcome(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    let recorded = case.documents("refused.yaml");
    if recorded.is_empty() || case.is_given_twice() {
        return outcome;
    }
    let plan = case.plan();
    let mut findings = case.door_findings();
    findings.extend(plan.findings.iter().cloned());
    // Events stay when an edit mends their cause.
    let events: Vec<String> = [&case.plan_of_input(), &plan]
        .into_iter()
        .flat_map(warnings)
        .collect();
    for entry in &recorded {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let (by, message) = (text("by"), text("message"));
        if BY_CHANCE.contains(&message) {
            continue;
        }
        let found = if by.starts_with("event:") {
            events.iter().any(|text| text == message)
        } else if by.starts_with("log:") {
            named(&findings, &format!("{}: {message}", text("reason")))
        } else {
            named(&findings, message)
        };
        if found {
            outcome.equal += 1;
        } else {
            outcome.different.push(format!("{by}: {message}"));
        }
    }
    outcome
}

fn warnings(plan: &Plan) -> Vec<String> {
    plan.world
        .iter()
        .filter(|(key, _)| key.kind == Kind::ScaledObject)
        .flat_map(|(key, _)| plan.world.events(key))
        .filter(|event| event.warning)
        .map(|event| event.message.clone())
        .collect()
}

/// Whether findings at fields of documents have the refuser's text: whole, or each cause of it.
pub(super) fn named(findings: &[Finding], message: &str) -> bool {
    let said = || said(findings);
    if said().any(|text| text == message) {
        return true;
    }
    let Some((_, causes)) = message.split_once(" is invalid: ") else {
        return false;
    };
    let not_asked = "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    let mut rest = causes.trim_matches(['[', ']']).replace(not_asked, "");
    // Of a field with two enumerations: the same once more, without the field's name in front.
    if let Some((before, after)) = rest.split_once("<nil>: Invalid value: \"\": ")
        && let Some((_, after)) = after.split_once("(allOf). None validated")
    {
        rest = format!("{before}{after}");
    }
    for text in said() {
        rest = rest.replace(text, "");
    }
    rest.chars().all(|c| c == ',' || c == ' ')
}

/// The refusers' texts of findings at fields of documents.
pub(super) fn said(findings: &[Finding]) -> impl Iterator<Item = &str> {
    findings
        .iter()
        .filter(|f| f.place.document.is_some() && !f.place.path.0.is_empty())
        .filter_map(|finding| finding.refusal.as_deref())
}
