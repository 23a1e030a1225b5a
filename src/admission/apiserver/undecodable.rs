//! Values that the API server stores and that no controller can read (rule S008).

use serde_json::{Value, json};

use crate::diag::{Finding, Fix, Place};
use crate::kube::quantity::QuantityError;
use crate::rules::S008;
use crate::schema::structural::Undecodable;

/// What such a value does.
pub(super) fn finding(place: Place, why: Undecodable, value: Option<&Value>) -> Finding {
    let path = place.path.to_string();
    let value = value.cloned().unwrap_or_default();
    let (message, help) = match why {
        Undecodable::Bits(bits) => {
            let max = if bits == 32 {
                i64::from(i32::MAX)
            } else {
                i64::MAX
            };
            (
                format!("{path} is {value}, which {bits} bits cannot hold"),
                format!("write a number of at most {max}"),
            )
        }
        Undecodable::Quantity(QuantityError::Unbounded) => (
            format!(
                "{path} is {value}: Kubernetes would compute for minutes, and eat the node's memory, to read it"
            ),
            "write the number with a suffix: 500m, 64Gi, 2T".to_owned(),
        ),
        Undecodable::Quantity(error) => (
            format!("{path} is {value}, which is no quantity: {error}"),
            "write a number and a suffix: 500m, 64Gi, 2; an exponent is a whole number".to_owned(),
        ),
    };
    let kind = place
        .object
        .as_ref()
        .map_or("kind", |key| key.kind.as_str());
    let consequence = match why {
        Undecodable::Quantity(QuantityError::Unbounded) => format!(
            "the API server stores it, and every program that lists {kind} objects hangs on it, the operator first"
        ),
        _ => format!(
            "the API server stores it, and the operator can no longer list any {kind} of the cluster until it is gone"
        ),
    };
    let fix = whole_exponent(&value).map(|text| Fix::Replace {
        place: place.clone(),
        value: json!(text),
    });
    let mut finding = Finding::new(&S008, place, message)
        .consequence(consequence)
        .help(help);
    finding.fix = fix;
    finding
}

/// `1e3.0` can only have meant `1e3`.
fn whole_exponent(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let (head, fraction) = text.rsplit_once('.')?;
    let exponent_before = head.contains(['e', 'E']) && head.ends_with(|c: char| c.is_ascii_digit());
    (exponent_before && fraction.bytes().all(|b| b == b'0')).then(|| head.to_owned())
}
