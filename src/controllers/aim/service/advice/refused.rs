//! What a refused write means for the service that it was for (M112, M121, M122, M139, M140).

use super::super::origin::SERVICE_NAME;
use crate::api::aim::AimService;
use crate::controllers::Stop;
use crate::diag::{Advice, FieldPath, Refusal, RefusalCause, Segment};
use crate::inventory::Kind;
use crate::kube::names::MAX_LABEL;
use crate::rules;

/// The refusal of one of a service's objects, with the rule and the advice that fit; `None` where the door's own do.
pub(in super::super) fn reword(service: &AimService, stop: &Stop) -> Option<Refusal> {
    let written = stop.write.as_ref()?;
    let name = service.metadata.name.as_deref().unwrap_or_default();
    let mut refusal = stop.refusal.clone();
    if written.kind == Kind::AimService {
        first_touch(&mut refusal, service.spec.is_none());
    } else if name.len() > MAX_LABEL && refusal.message.contains(name) {
        long_name(&mut refusal, name);
    } else if written.kind == Kind::HttpRoute && is_about_timeout(&refusal) {
        timeout(&mut refusal);
    } else if std::ptr::eq(refusal.rule, &rules::M112) {
        variable_twice(&mut refusal);
    } else if std::ptr::eq(refusal.rule, &rules::M140) {
        conflict(&mut refusal, &written.to_string());
    } else {
        return None;
    }
    Some(refusal)
}

/// The operator's first write, of its finalizer (spec 2.17).
fn first_touch(refusal: &mut Refusal, bare: bool) {
    refusal.rule = &rules::M139;
    refusal.advice = Advice {
        summary: Some("AIM Engine cannot write its finalizer to the service".to_owned()),
        consequence: Some("the service is never reconciled and never gets a status".to_owned()),
        help: Some(if bare {
            "write a spec".to_owned()
        } else {
            "write the quantities under model.custom and overrides.hardware as Kubernetes prints them: \"1Gi\" for 1024Mi, \"2\" for 2".to_owned()
        }),
        related: Vec::new(),
    };
}

/// The name goes as it is into a label of everything that the service makes (spec 2.1).
fn long_name(refusal: &mut Refusal, name: &str) {
    refusal.rule = &rules::M122;
    refusal.causes = vec![RefusalCause {
        field: FieldPath::parse("metadata.labels")
            .key(SERVICE_NAME)
            .to_string(),
        reason: "FieldValueInvalid",
        message: refusal.message.clone(),
    }];
    refusal.advice = Advice {
        summary: Some(format!(
            "the name has {} characters, and AIM Engine writes it into a label, which ends at {MAX_LABEL}",
            name.len()
        )),
        consequence: Some("nothing of the service can be applied, ever".to_owned()),
        help: Some(format!("choose a name of at most {MAX_LABEL} characters")),
        related: Vec::new(),
    };
}

fn is_about_timeout(refusal: &Refusal) -> bool {
    refusal
        .causes
        .iter()
        .any(|cause| cause.field.contains("timeouts"))
}

/// Gateway API's pattern, after Go wrote the duration (spec 2.13).
fn timeout(refusal: &mut Refusal) {
    refusal.rule = &rules::M121;
    refusal.advice = Advice {
        summary: Some(
            "the Gateway API refuses this timeout as AIM Engine writes it into the HTTPRoute"
                .to_owned(),
        ),
        consequence: Some(
            "the HTTPRoute is not made, nor anything that comes after it: no cache, no InferenceService"
                .to_owned(),
        ),
        help: Some("write whole h, m, s or ms, and from one second on no part of one: 500ms, 2s, 1m30s".to_owned()),
        related: Vec::new(),
    };
}

/// Server-side apply refuses a list with one key twice (spec 2.8).
fn variable_twice(refusal: &mut Refusal) {
    // Of the two copies the lower layer's comes first; it is the one to take out.
    for cause in &mut refusal.causes {
        let second = FieldPath::parse(&cause.field);
        let mut first = second.clone();
        if let Some(Segment::Index(index)) = first.0.last_mut() {
            *index = index.saturating_sub(1);
        }
        cause.field = first.to_string();
        if let Some(name) = cause.message.split('"').nth(1) {
            let summary = format!(
                "{name} would stand twice in the container: AIM Engine appends it, and here it is set"
            );
            refusal.advice.summary.get_or_insert(summary);
        }
        let related = (second, "AIM Engine appends this".to_owned());
        refusal.advice.related.push(related);
    }
    refusal.advice.consequence =
        Some("there is no InferenceService, and it is tried again for ever".to_owned());
    refusal.advice.help = Some(
        "take the variable out of this layer; a value in the service does not help".to_owned(),
    );
}

/// Somebody else set the field to another value.
fn conflict(refusal: &mut Refusal, written: &str) {
    refusal.advice.consequence = Some("AIM Engine tries it again for ever".to_owned());
    refusal.advice.help = Some(format!(
        "delete {written}, or give the field the value that AIM Engine sets"
    ));
}
