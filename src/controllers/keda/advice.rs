//! What KEDA's refusals mean for whoever wrote the document.

use crate::diag::Refusal;

/// The refusal with what happens then, and what to write instead.
pub fn advise(mut refusal: Refusal) -> Refusal {
    let (consequence, help) = match refusal.rule.code {
        "D301" => (
            "nothing scales the workload: its replicas stay as they are",
            "add a trigger",
        ),
        "D302" => (
            "there is no HPA, or the old one stays as it was; the replicas do not follow",
            "make the minimum at most the maximum, and no count negative",
        ),
        "D303" => (
            "the ScaledObject is not stored, so nothing scales the workload",
            "set the minimum to 1",
        ),
        "D304" => (
            "the ScaledObject is not stored: the other autoscaler goes on alone",
            "delete the other autoscaler; an HPA that is to stay beside this one is annotated `validations.keda.sh/hpa-ownership: \"false\"`",
        ),
        "D305" => (
            "KEDA cannot label the ScaledObject, so there is no HPA and nothing scales",
            "give it a name of at most 63 characters that is a label value",
        ),
        "D306" => (
            "there is no HPA; one such target blocks the whole of it. KEDA keeps the bad trigger: only an edit mends it, not deleting and making it again under the same name",
            "write a whole number of at least 1",
        ),
        "D307" | "S008" => (
            "the ScaledObject is not stored, so nothing scales the workload",
            "correct this field",
        ),
        "D308" => (
            "there is no HPA; KEDA tries again by itself once the workload is there",
            "create the workload, or correct scaleTargetRef",
        ),
        "D309" => (
            "there is no HPA, and nothing scales the workload",
            "correct the trigger",
        ),
        "O411" => (
            "the ScaledObject is not stored: no HPA, and the replicas stay as they are",
            "install the add-on with `validatingAdmissionPolicy.enabled: false`, as AIM Engine's install does",
        ),
        _ => return refusal,
    };
    refusal
        .advice
        .consequence
        .get_or_insert_with(|| consequence.to_owned());
    refusal.advice.help.get_or_insert_with(|| help.to_owned());
    refusal
}
