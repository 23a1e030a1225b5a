//! A request timeout that the CRD takes and Go cannot read (M120; AIM Engine 0.2.1, spec 2.13).

use super::Door;
use crate::diag::{FieldPath, Finding, Target};
use crate::inventory::Kind;
use crate::kube::duration::GoDuration;
use crate::rules::M120;

/// About an accepted AIMService or runtime config.
pub(super) fn unreadable(door: &Door<'_>) -> Option<Finding> {
    let kind = door.request.kind;
    let consequence = match kind {
        Kind::AimService => {
            "AIM Engine can list no AIMService of the whole cluster any more: none is reconciled, neither this one nor any other, until this object is gone".to_owned()
        }
        Kind::AimRuntimeConfig | Kind::AimClusterRuntimeConfig => format!(
            "AIM Engine can list no {kind} of the whole cluster any more: this one and later ones are as if they were not there"
        ),
        _ => return None,
    };
    let path = FieldPath::parse("spec.routing.requestTimeout");
    let text = door.document.pointer(&path.pointer())?.as_str()?;
    let error = GoDuration::parse(text).err()?;
    let help = match meant(text) {
        Some(meant) => format!("write {meant}"),
        None => "write a number and a unit of h, m, s or ms: 90s, 5m, 1h30m".to_owned(),
    };
    Some(
        Finding::new(
            &M120,
            door.place(path).target(Target::Value),
            format!("Go cannot read the request timeout `{text}`"),
        )
        .refusal(format!("failed to list *v1alpha1.{kind}: {error}"))
        .consequence(consequence)
        .help(help),
    )
}

/// The duration that a number with a unit in words, or without one, stands for.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hour" | "hours" | "hr" | "hrs" => "h",
        "d" | "day" | "days" => return Some(format!("{}h", number.checked_mul(24)?)),
        "msec" | "millisecond" | "milliseconds" => "ms",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}
