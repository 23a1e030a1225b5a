//! Whether KEDA gets a metric for each trigger, and what happens when it does not (O401, O403, O404, O413, D303).

use super::{Field, Subject};
use crate::addon::{self, AddressFault, Operation, SCALER_ADDRESS, TargetError};
use crate::api::keda::ScaledObjectSpec;
use crate::controllers::keda::assess::{Assessment, Course};
use crate::controllers::keda::scaler::{Scaler, Silence};
use crate::diag::{FieldPath, Finding, Place, nearest};
use crate::inventory::ObjectKey;
use crate::kube::quantity::Quantity;
use crate::rules::{D303, O401, O403, O404, O413};

pub(super) fn find(
    key: &ObjectKey,
    spec: &ScaledObjectSpec,
    subjects: &[Subject<'_>],
    assessment: &Assessment<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let answers = assessment
        .scalers
        .iter()
        .any(|scaler| matches!(scaler, Scaler::Answers(_)));
    for subject in subjects {
        match assessment.scalers.get(subject.index) {
            Some(Scaler::Silent(Silence::Target(error))) => {
                findings.push(target(subject, error).consequence(without_metric(answers)));
            }
            Some(Scaler::Silent(Silence::Address(fault))) => {
                findings.push(address(subject, *fault).consequence(without_metric(answers)));
            }
            _ => {}
        }
        findings.extend(operation(subject));
    }
    if let Some(subject) = subjects.first()
        && matches!(assessment.course, Course::Scales(_))
    {
        findings.extend(scale_to_zero(key, spec, subjects));
        if answers {
            findings.push(ghosts(subject));
        }
    }
    findings
}

fn without_metric(others: bool) -> &'static str {
    if others {
        "KEDA reports `got empty metric spec` and leaves this metric out of the HPA: the service scales on its other metrics alone"
    } else {
        "KEDA reports `got empty metric spec` and writes an HPA without metrics, in which Kubernetes fills in CPU 80 %: the service scales on CPU use, whatever its load"
    }
}

fn target(subject: &Subject<'_>, error: &TargetError) -> Finding {
    let given = subject
        .metadata(addon::key::TARGET_VALUE)
        .unwrap_or_default();
    let message = match error {
        TargetError::Absent => "the trigger has no target value".to_owned(),
        TargetError::Syntax(_) => {
            format!("the target `{given}` is no whole number, and the add-on reads nothing else")
        }
        TargetError::Range(_) => format!("the target `{given}` is more than 64 bits hold"),
    };
    let help = match meant(given) {
        Some(number) => format!("write `\"{number}\"`"),
        None => "write a whole number, as what one replica should bear: `\"10\"`".to_owned(),
    };
    Finding::new(&O401, subject.place(Field::Target), message)
        .label("not an integer")
        .refusal(error.to_string())
        .help(help)
}

/// The whole number that a quantity stands for.
fn meant(text: &str) -> Option<i64> {
    let quantity = Quantity::parse(text.trim()).ok()?;
    let whole = quantity.is_whole() && !quantity.is_negative() && !quantity.is_zero();
    whole.then(|| quantity.value())
}

fn address(subject: &Subject<'_>, fault: AddressFault) -> Finding {
    let given = subject
        .metadata(addon::key::SCALER_ADDRESS)
        .unwrap_or_default();
    let (message, label) = match fault {
        AddressFault::ReceiverPort => (
            format!("`{given}` is where the add-on takes metrics in; KEDA asks on port 4318"),
            "the receiver's port",
        ),
        AddressFault::NoPort => (
            format!("`{given}` names no port, so KEDA asks on port 443"),
            "no port",
        ),
        AddressFault::Scheme => (
            format!("`{given}` has a scheme, which gRPC takes for a part of the name"),
            "a scheme",
        ),
        AddressFault::Port => (
            format!("the add-on does not answer on the port of `{given}`"),
            "another port",
        ),
        AddressFault::Host | AddressFault::Missing => (
            format!("the add-on does not answer at `{given}`"),
            "another host",
        ),
    };
    Finding::new(&O403, subject.place(Field::Address), message)
        .label(label)
        .refusal("got empty metric spec")
        .help(format!(
            "leave serverAddress out, or write `{SCALER_ADDRESS}`"
        ))
}

fn operation(subject: &Subject<'_>) -> Option<Finding> {
    let given = subject.metadata(addon::key::OPERATION_OVER_TIME)?;
    if given.is_empty() || Operation::parse(given).is_some() {
        return None;
    }
    let names: Vec<&str> = Operation::ALL.iter().map(|op| op.name()).collect();
    let help = match nearest(given, names.iter().copied()) {
        Some(name) => format!("write `{name}`"),
        None => format!("write one of {}", names.join(", ")),
    };
    let finding = Finding::new(
        &O404,
        subject.place(Field::Operation),
        format!("operationOverTime `{given}` is unknown"),
    );
    Some(
        finding
            .label("taken as last_one")
            .consequence(
                "the add-on answers with the last value of each pod, and says so only in its log",
            )
            .help(help),
    )
}

/// With a minimum of 0 the pods go, and with them the metric that would bring them back.
fn scale_to_zero(
    key: &ObjectKey,
    spec: &ScaledObjectSpec,
    subjects: &[Subject<'_>],
) -> Option<Finding> {
    let min = spec.min_replica_count.unwrap_or(0);
    let all_ours = spec.triggers.as_ref().map(Vec::len) == Some(subjects.len());
    if min > 0 || spec.idle_replica_count.is_some() || !all_ours {
        return None;
    }
    let path = match spec.min_replica_count {
        Some(_) => FieldPath::parse("spec.minReplicaCount"),
        None => FieldPath::parse("spec"),
    };
    let finding = Finding::new(
        &D303,
        Place::field(key.clone(), path),
        "with a minimum of 0 replicas the service scales to zero and never comes back",
    );
    Some(
        finding
            .label("scales to zero")
            .consequence("after 300 s without load KEDA removes the last pod; its metric comes from its own pods, so nothing starts them again")
            .help("set the minimum to 1"),
    )
}

fn ghosts(subject: &Subject<'_>) -> Finding {
    Finding::new(
        &O413,
        subject.place(Field::Query),
        "values of pods that are gone count for 120 s",
    )
    .consequence("after a scale-down or a rollout the load looks higher than it is for two minutes; the first pod of a rollout can lack its deployment label and then counts for every service of the namespace that asks for this metric")
}
