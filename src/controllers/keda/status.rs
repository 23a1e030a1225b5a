//! What KEDA reports after a pass (spec 4.1).

use super::assess::{Assessment, Course, HPA_PREFIX};
use super::scaler::Scaler;
use super::{CHECK_FAILED, advise, checks, hpa};
use crate::addon::{self, Query};
use crate::api::keda::{ScaledObject, ScaledObjectCondition, ScaledObjectStatus, Trigger};
use crate::controllers::{Conclusion, Event, Stop};
use crate::diag::Refusal;
use crate::inventory::Kind;

const READY: &str = "ScaledObject is defined correctly and is ready for scaling";

/// Status and events after a pass.
pub(super) fn conclude(
    object: &ScaledObject,
    assessment: &Assessment<'_>,
    stop: Option<&Stop>,
) -> Conclusion {
    let mut status = object.status.clone().unwrap_or_default();
    if status.conditions.is_empty() {
        status.conditions = [
            ("Ready", "Unknown"),
            ("Active", "Unknown"),
            ("Fallback", "Unknown"),
            ("Paused", "False"),
        ]
        .map(|(type_, state)| condition(type_, state, "", ""))
        .into();
    }
    set_paused(&mut status, assessment);
    progress(&mut status, object, assessment, stop);
    let mut events = Vec::new();
    let failure = failure_message(assessment, stop);
    match &failure {
        Some(message) => {
            set(
                &mut status,
                condition("Ready", "False", CHECK_FAILED, message),
            );
            set(
                &mut status,
                condition(
                    "Active",
                    "Unknown",
                    "UnknownState",
                    "ScaledObject check failed",
                ),
            );
            events.push(warning(CHECK_FAILED, message));
            if let Course::Fails(failure) = &assessment.course {
                events.extend(
                    failure
                        .events
                        .iter()
                        .map(|(reason, text)| warning(reason, text)),
                );
            }
        }
        None => {
            set(
                &mut status,
                condition("Ready", "True", "ScaledObjectReady", READY),
            );
            events.extend(scale_loop_events(object, assessment));
        }
    }
    let fallback = object.spec.as_ref().and_then(|spec| spec.fallback.as_ref());
    if fallback.is_none() {
        set(
            &mut status,
            condition(
                "Fallback",
                "False",
                "NoFallbackFound",
                "No fallbacks are active on this scaled object",
            ),
        );
    }
    events.dedup();
    Conclusion {
        status: Some(Box::new(
            ScaledObject {
                metadata: object.metadata.clone(),
                spec: None,
                status: Some(status),
            }
            .into(),
        )),
        events,
        refusal: stop.and_then(|stop| reworded(stop, failure?)),
        ..Conclusion::default()
    }
}

/// The refusal of the HPA in KEDA's words, with what it means.
fn reworded(stop: &Stop, message: String) -> Option<Refusal> {
    stop.write.as_ref()?;
    let mut refusal = stop.refusal.clone();
    if refusal.rule.code == "D306" {
        refusal = refusal.summary("a target that is not positive: the HPA is refused as a whole");
    }
    refusal.message = message;
    Some(advise(refusal))
}

/// What the status holds of the steps that passed.
fn progress(
    status: &mut ScaledObjectStatus,
    object: &ScaledObject,
    assessment: &Assessment<'_>,
    stop: Option<&Stop>,
) {
    if let Some((kind, replicas)) = &assessment.target {
        status.scale_target_kind = Some(kind.to_string());
        status.scale_target_gvkr = Some(kind.resource());
        status.original_replica_count.get_or_insert(*replicas);
        if !assessment.pause.all {
            status.paused_replica_count = None;
        }
    }
    let triggers = triggers(object);
    if assessment.triggers_accepted {
        status.triggers_types = Some(distinct(triggers.iter().map(|t| t.type_.as_str())));
        let auths = triggers
            .iter()
            .filter_map(|t| Some(t.authentication_ref.as_ref()?.name.as_str()));
        status.authentications_types = Some(distinct(auths));
    }
    let Course::Scales(plan) = &assessment.course else {
        return;
    };
    let answered = || {
        assessment.scalers.iter().filter_map(|scaler| match scaler {
            Scaler::Answers(metric) => Some(metric),
            _ => None,
        })
    };
    status.external_metric_names = answered()
        .filter_map(|metric| Some(metric.external.as_ref()?.metric.name.clone()))
        .collect();
    status.resource_metric_names = answered()
        .filter_map(|metric| Some(metric.resource.as_ref()?.name.clone()))
        .collect();
    status.composite_scaler_name = plan
        .metrics
        .iter()
        .filter_map(|metric| Some(metric.external.as_ref()?.metric.name.as_str()))
        .find(|name| *name == hpa::COMPOSITE_METRIC)
        .map(str::to_owned);
    if stop.is_none() {
        status.hpa_name = Some(checks::hpa_name(object));
        if assessment.pause.all {
            status.paused_replica_count = assessment.pause.replicas;
        }
    }
}

fn set_paused(status: &mut ScaledObjectStatus, assessment: &Assessment<'_>) {
    let pause = &assessment.pause;
    let was = status
        .conditions
        .iter()
        .any(|c| c.type_ == "Paused" && c.status == "True");
    if pause.all || pause.scale_in || pause.scale_out {
        set(
            status,
            condition(
                "Paused",
                "True",
                "ScaledObjectPaused",
                "ScaledObject is paused",
            ),
        );
    } else if was {
        set(
            status,
            condition(
                "Paused",
                "False",
                "ScaledObjectUnpaused",
                "pause annotation removed for ScaledObject",
            ),
        );
    }
}

/// The text of a failed pass: the controller's own, or the refusal of its HPA.
fn failure_message(assessment: &Assessment<'_>, stop: Option<&Stop>) -> Option<String> {
    if let Course::Fails(failure) = &assessment.course {
        return Some(failure.message());
    }
    let stop = stop?;
    let hpa = stop
        .write
        .as_ref()
        .is_some_and(|key| key.kind == Kind::HorizontalPodAutoscaler);
    hpa.then(|| format!("{HPA_PREFIX}: {}", stop.refusal.message))
}

/// What the first polls run into. No metric has arrived yet, so an understood query is `not found`.
fn scale_loop_events(object: &ScaledObject, assessment: &Assessment<'_>) -> Vec<Event> {
    if !matches!(assessment.course, Course::Scales(_)) {
        return Vec::new();
    }
    let mut texts: Vec<String> = Vec::new();
    for (trigger, scaler) in triggers(object).iter().zip(&assessment.scalers) {
        let text = match scaler {
            Scaler::Silent(_) => "got empty metric spec".to_owned(),
            Scaler::Answers(metric) if metric.external.is_some() => {
                format!("rpc error: code = Unknown desc = {}", first_answer(trigger))
            }
            _ => continue,
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
        .iter()
        .map(|text| warning("KEDAScalerFailed", text))
        .collect()
}

/// The add-on's answer while nobody has sent the metric.
fn first_answer(trigger: &Trigger) -> String {
    match trigger.metadata.get(addon::key::METRIC_QUERY) {
        None => "unable to get metric query from scaled object's metadata".to_owned(),
        Some(query) => match Query::parse(query) {
            Ok(_) => "not found".to_owned(),
            Err(error) => error.to_string(),
        },
    }
}

fn triggers(object: &ScaledObject) -> &[Trigger] {
    object
        .spec
        .as_ref()
        .and_then(|spec| spec.triggers.as_deref())
        .unwrap_or_default()
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join(",")
}

fn warning(reason: &str, message: &str) -> Event {
    Event {
        warning: true,
        reason: reason.to_owned(),
        message: message.to_owned(),
        source: "keda-operator",
    }
}

fn condition(type_: &str, status: &str, reason: &str, message: &str) -> ScaledObjectCondition {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ScaledObjectCondition {
        type_: type_.to_owned(),
        status: status.to_owned(),
        reason: text(reason),
        message: text(message),
    }
}

fn set(status: &mut ScaledObjectStatus, new: ScaledObjectCondition) {
    match status.conditions.iter_mut().find(|c| c.type_ == new.type_) {
        Some(old) => *old = new,
        None => status.conditions.push(new),
    }
}
