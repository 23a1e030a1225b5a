//! What the new side has to say that the old one had not.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::report::{Side, line};
use crate::diag::{Finding, Level, Place, Target};
use crate::inventory::ObjectKey;
use crate::rules;

/// A finding of the new side that the old side did not have.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Remark {
    /// Code of the rule.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub level: String,
    /// What is wrong.
    pub message: String,
    /// Where, `file:line`.
    pub place: String,
    /// Who refuses it or lets it fail: `kube-apiserver`, `aim-engine`, `kserve` and so on.
    pub refuser: String,
    /// The change itself is refused: the object stays as it was.
    pub refused: bool,
    /// The refuser's own text, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What happens in the cluster then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Of a refused change of a field: its value, which stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// And what it was to become, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// The findings of the new side that the old one did not have, by given object.
pub(super) fn remarks(old: Side<'_>, new: Side<'_>) -> BTreeMap<ObjectKey, Vec<Remark>> {
    let identity = |finding: &Finding| {
        (
            finding.rule.code,
            finding.place.object.clone(),
            finding.place.path.to_string(),
            finding.message.clone(),
        )
    };
    let known: BTreeSet<_> = old.findings().map(identity).collect();
    let mut remarks: BTreeMap<ObjectKey, Vec<Remark>> = BTreeMap::new();
    let news = new
        .findings()
        .filter(|finding| finding.level != Level::Note && !known.contains(&identity(finding)));
    for finding in news {
        let Some(object) = finding.place.object.clone() else {
            continue;
        };
        let root = new
            .plan
            .find(&object)
            .map_or(object, |planned| planned.root.clone());
        remarks
            .entry(root)
            .or_default()
            .push(remark(finding, old, new));
    }
    for remarks in remarks.values_mut() {
        remarks.sort_by(|a, b| a.level.cmp(&b.level));
    }
    remarks
}

fn remark(finding: &Finding, old: Side<'_>, new: Side<'_>) -> Remark {
    let immutable = std::ptr::eq(finding.rule, &rules::A050);
    let value = finding
        .place
        .object
        .as_ref()
        .filter(|_| immutable)
        .and_then(|key| old.plan.world.object(key))
        .and_then(|object| {
            object
                .to_value()
                .pointer(&finding.place.path.pointer())
                .cloned()
        });
    Remark {
        code: finding.rule.code.to_owned(),
        level: finding.level.as_str().to_owned(),
        message: finding.message.clone(),
        place: line(&finding.place, new).unwrap_or_default(),
        refuser: finding.refuser.as_str().to_owned(),
        refused: finding.level == Level::Error && new.at_the_door(finding),
        refusal: finding.refusal.clone(),
        consequence: finding.consequence.clone(),
        help: finding.help.clone(),
        old: value,
        new: if immutable {
            written(&finding.place, new)
        } else {
            None
        },
    }
}

/// A value as it is written in the input.
fn written(place: &Place, side: Side<'_>) -> Option<String> {
    let place = Place {
        target: Target::Value,
        ..place.clone()
    };
    let range = side.places.range(&place)?;
    let text = &side.sources.file(range.file)?.text;
    let text = text.get(range.start..range.end)?.trim();
    Some(text.to_owned())
}
