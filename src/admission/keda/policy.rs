//! The ValidatingAdmissionPolicy of the add-on's chart 0.0.6 (spec 4.4): on by default, off in AIM Engine's install.

use crate::addon::{Aggregation, key};
use crate::api::keda::{ScaledObject, Trigger};
use crate::controllers::keda::advise;
use crate::diag::{FieldPath, Refusal, Refuser};
use crate::inventory::{Kind, Object, World};
use crate::rules::O411;

const NAME: &str = "well-formed-otel-scalers";
const OPERATIONS: [&str; 6] = ["avg", "count", "last_one", "min", "max", "rate"];

/// Whether the policy and a binding of it are among the given objects.
pub(super) fn is_installed(world: &World) -> bool {
    let binds = |object: &Object| match object {
        Object::Other(other) => {
            other
                .value
                .pointer("/spec/policyName")
                .and_then(serde_json::Value::as_str)
                == Some(NAME)
        }
        _ => false,
    };
    world
        .entries(Kind::ValidatingAdmissionPolicy, "")
        .any(|(key, _)| key.name == NAME)
        && world
            .entries(Kind::ValidatingAdmissionPolicyBinding, "")
            .any(|(_, entry)| binds(&entry.object))
}

/// The policy's three checks; each looks at all triggers before the next one begins.
pub(super) fn check(object: &ScaledObject) -> Result<(), Box<Refusal>> {
    let name = object.metadata.name.as_deref().unwrap_or_default();
    let triggers = || {
        object
            .spec
            .iter()
            .flat_map(|spec| spec.triggers.iter().flatten())
            .enumerate()
            .filter(|(_, trigger)| concerns(trigger))
    };
    let get = |trigger: &Trigger, key: &str| trigger.metadata.get(key).cloned();

    if let Some((index, _)) = triggers().find(|(_, t)| get(t, key::TARGET_VALUE).is_none()) {
        let text = format!("Missing 'targetValue' on ScaledObject' otel trigger: {name}");
        return Err(refusal(name, index, key::TARGET_VALUE, &text));
    }
    for (index, trigger) in triggers() {
        let Some(operation) = get(trigger, key::OPERATION_OVER_TIME) else {
            continue;
        };
        if !OPERATIONS.contains(&operation.as_str()) {
            let text = format!(
                "Malformed trigger in ScaledObject: {name} unsupported operationOverTime: {operation} supported operations: {}",
                OPERATIONS.join(", ")
            );
            return Err(refusal(name, index, key::OPERATION_OVER_TIME, &text));
        }
    }
    for (index, trigger) in triggers() {
        let query = get(trigger, key::METRIC_QUERY);
        if !query.as_deref().is_some_and(is_supported) {
            let query = query.as_deref().unwrap_or("missing");
            let text = format!(
                "Malformed trigger in ScaledObject: {name} unsupported metricQuery: {query}"
            );
            return Err(refusal(name, index, key::METRIC_QUERY, &text));
        }
    }
    Ok(())
}

/// The triggers that the policy takes for the add-on's.
fn concerns(trigger: &Trigger) -> bool {
    let address = trigger.metadata.get(key::SCALER_ADDRESS);
    match trigger.type_.as_str() {
        "kedify-otel" => true,
        "external" => address.is_some_and(|address| address.contains("otel")),
        _ => false,
    }
}

fn refusal(name: &str, index: usize, key: &str, text: &str) -> Box<Refusal> {
    let message = format!(
        "scaledobjects.keda.sh \"{name}\" is forbidden: ValidatingAdmissionPolicy '{NAME}' with binding '{NAME}-binding' denied request: {text}"
    );
    let path = FieldPath::parse(&format!("spec.triggers[{index}].metadata.{key}"));
    let refusal = Refusal {
        refuser: Refuser::KubeApiserver,
        ..Refusal::new(&O411, 422, "Invalid", message)
    };
    Box::new(advise(refusal.at(&path).summary(format!(
        "the add-on chart's policy refuses it: {text}"
    ))))
}

/// The policy's pattern: an optional aggregation, a name without a colon, optional labels, an optional parenthesis.
fn is_supported(query: &str) -> bool {
    let rest = Aggregation::ALL
        .iter()
        .find_map(|f| query.strip_prefix(f.name())?.strip_prefix('('))
        .unwrap_or(query);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let rest = rest.strip_suffix(')').unwrap_or(rest);
    if rest.is_empty() {
        return true;
    }
    let Some(labels) = rest
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return false;
    };
    labels.split(',').all(|piece| {
        matches!(piece.split_once('='),
            Some((key, value)) if !key.is_empty() && !value.is_empty() && !value.contains('='))
    })
}

#[cfg(test)]
mod tests {
    use super::is_supported;

    #[test]
    fn queries_that_the_policy_lets_through() {
        for good in [
            "x",
            "sum(x)",
            "sum(x",
            "x)",
            "max(my_metric{a=b})",
            "sum",
            "x{}{a=b,c=\"d\"}",
        ] {
            assert!(is_supported(good), "{good}");
        }
        for bad in [
            "",
            "vllm:x",
            "sum(sum(x){a=b})",
            "x{}",
            "x{a}",
            "x{a=b,}",
            "x.y",
            "1x",
            "rate(x)",
        ] {
            assert!(!is_supported(bad), "{bad}");
        }
    }
}
