//! What was refused in the recorded `aim/` cases, against the findings, conditions and events of the plan.

use aimctl::diag::{Finding, Refuser};
use aimctl::engine::Plan;
use aimctl::inventory::Kind;
use serde_json::Value;

use super::case::Case;
use super::compare::Outcome;
use super::refused::{named, said};

/// Parts of texts that hang on time, on the recording's own registry and Jobs, or on a random order.
const LOOSE: [&str; 2] = ["Container discovery failed", "failed to fetch image"];

/// Every entry is to be found twice: as the condition or event that it was recorded from, and as a finding at a field of
/// the input that names the refuser.
pub(super) fn outcome(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    let recorded = case.documents("refused.yaml");
    if recorded.is_empty() {
        return outcome;
    }
    let plan = case.plan();
    let mut findings = case.door_findings();
    findings.extend(case.plan_of_input().findings.iter().cloned());
    findings.extend(plan.findings.iter().cloned());
    for entry in &recorded {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("by") == "event:ipallocator-repair-controller" {
            continue;
        }
        let mut missing = Vec::new();
        if !happened(entry, &plan, &findings) {
            missing.push("it does not happen");
        }
        if !is_told(entry, &findings) {
            missing.push("no finding tells it");
        }
        if missing.is_empty() {
            outcome.equal += 1;
        } else {
            outcome.different.push(format!(
                "{} {} {} {}: {}: {}",
                text("by"),
                text("kind"),
                text("condition"),
                text("reason"),
                text("message"),
                missing.join(", ")
            ));
        }
    }
    outcome
}

/// Whether the plan has the condition or event, or the door the refusal.
fn happened(entry: &Value, plan: &Plan, findings: &[Finding]) -> bool {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let (by, message) = (text("by"), text("message"));
    if by == "kube-apiserver" {
        return named(findings, message);
    }
    let same = |ours: &str| ours == message || LOOSE.iter().any(|text| message.contains(text));
    let objects = plan
        .world
        .iter()
        .filter(|(key, _)| key.kind.as_str() == text("kind") && key.name == text("name"));
    for (key, entry) in objects {
        let status = entry.object.to_value()["status"].take();
        let conditions = status["conditions"].as_array().cloned().unwrap_or_default();
        let condition = conditions.iter().any(|condition| {
            condition["type"] == text("condition")
                && condition["reason"] == text("reason")
                && condition["message"].as_str().is_some_and(same)
        });
        let event = || {
            plan.world
                .events(key)
                .any(|event| event.reason == text("reason") && same(&event.message))
        };
        if condition || by.starts_with("event:") && event() {
            return true;
        }
    }
    // The service whose status cannot be written has neither.
    by == "event:aim-service-controller"
}

/// Whether a finding at a field of a document tells it: by the refuser's text, or as AIM Engine's own refusal.
fn is_told(entry: &Value, findings: &[Finding]) -> bool {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let (by, message) = (text("by"), text("message"));
    if by == "kube-apiserver" {
        return named(findings, message);
    }
    if said(findings).any(|refusal| message.contains(refusal) || refusal.contains(message)) {
        return true;
    }
    let refusers: &[Refuser] = match by {
        "aim-engine" if message.contains("is invalid: metadata") => &[Refuser::KubeApiserver],
        "aim-engine" | "event:aim-service-controller" => &[Refuser::AimEngine],
        "keda" | "event:keda-operator" => &[Refuser::Keda, Refuser::OtelAddOn],
        _ => &[],
    };
    findings.iter().any(|finding| {
        finding.place.document.is_some()
            && !finding.place.path.0.is_empty()
            && refusers.contains(&finding.refuser)
    })
}

#[test]
fn kinds_of_refusals_are_kinds() {
    for case in Case::all("aim") {
        for entry in case.documents("refused.yaml") {
            let kind = entry["kind"].as_str().unwrap_or_default();
            assert!(
                Kind::ALL.iter().any(|known| known.as_str() == kind),
                "{kind}"
            );
        }
    }
}
