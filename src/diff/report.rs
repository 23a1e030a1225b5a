//! A comparison as it is shown: grouped by file and service, each change with what it does and the line that caused it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::compare::{Edit, FieldChange};
use super::effect::Effect;
use super::objects::{Change, Comparison, ObjectChange};
use crate::diag::{FieldPath, Level, Place};
use crate::engine::{Liveness, Plan};
use crate::inventory::ObjectKey;
use crate::source::{Places, Sources, line_column};

/// Which of both sides.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What would exist.
    pub plan: &'a Plan,
    /// What was read.
    pub sources: &'a Sources,
    /// Where things stand in it.
    pub places: &'a Places<'a>,
}

/// What a change does in the cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `diff.aimctl.dev/v1`.
    pub api_version: String,
    /// `Diff`.
    pub kind: String,
    /// What differs, by file, then by service.
    pub groups: Vec<Group>,
    /// Numbers.
    pub summary: Summary,
}

/// Numbers of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Services and other given objects that differ.
    pub services: usize,
    /// Of those: how many roll pods.
    pub rolls: usize,
    /// How many are new.
    pub created: usize,
    /// How many are deleted.
    pub deleted: usize,
    /// Changes that are refused.
    pub refused: usize,
}

/// The changes of one given object.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The file it stands in, on the new side if it is there.
    pub file: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for cluster-scoped ones.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// `+`, `-` or `~`.
    pub mark: char,
    /// What happens to it, in words.
    pub headline: String,
    /// Its name before, when it was only renamed or moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// The objects that differ.
    pub objects: Vec<ObjectReport>,
    /// What is refused or worth knowing about it now and was not before.
    pub remarks: Vec<Remark>,
}

/// One object that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReport {
    /// `+`, `-` or `~`.
    pub mark: char,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for cluster-scoped ones.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// A controller in the cluster makes it.
    pub expected: bool,
    /// What the change does.
    pub effect: String,
    /// The fields that differ; none for new and deleted objects.
    pub fields: Vec<FieldReport>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldReport {
    /// The field; items of lists by what identifies them.
    pub path: String,
    /// `added`, `removed`, `changed` or `reordered`.
    pub edit: String,
    /// Its value before; for `reordered` the order of the keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// Its value now; for `reordered` the order of the keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// What the change does.
    pub effect: String,
    /// The input line that caused it, `file:line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// A finding of the new side that the old side did not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remark {
    /// Code of the rule.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub level: String,
    /// What is wrong.
    pub message: String,
    /// Where, `file:line`.
    pub place: String,
}

/// Puts a comparison into words.
#[must_use]
pub fn report(comparison: &Comparison, old: Side<'_>, new: Side<'_>) -> Report {
    let mut by_root: BTreeMap<&ObjectKey, Vec<&ObjectChange>> = BTreeMap::new();
    for change in &comparison.objects {
        by_root.entry(&change.root).or_default().push(change);
    }
    let remarks = remarks(old, new);
    let mut roots: Vec<&ObjectKey> = by_root.keys().copied().chain(remarks.keys()).collect();
    roots.sort_unstable();
    roots.dedup();
    let mut groups: Vec<Group> = roots
        .into_iter()
        .map(|root| {
            let objects = by_root.get(root).map(Vec::as_slice).unwrap_or_default();
            group(
                root,
                objects,
                remarks.get(root).cloned().unwrap_or_default(),
                comparison,
                old,
                new,
            )
        })
        .collect();
    groups.sort_by(|a, b| (&a.file, &a.namespace, &a.name).cmp(&(&b.file, &b.namespace, &b.name)));
    let rolls = Effect::RollsPods.text();
    let summary = Summary {
        services: groups.len(),
        rolls: groups
            .iter()
            .filter(|group| group.objects.iter().any(|object| object.effect == rolls))
            .count(),
        created: groups.iter().filter(|group| group.mark == '+').count(),
        deleted: groups.iter().filter(|group| group.mark == '-').count(),
        refused: groups
            .iter()
            .flat_map(|group| &group.remarks)
            .filter(|remark| remark.level == "error")
            .count(),
    };
    Report {
        api_version: "diff.aimctl.dev/v1".to_owned(),
        kind: "Diff".to_owned(),
        groups,
        summary,
    }
}

fn group(
    root: &ObjectKey,
    changes: &[&ObjectChange],
    remarks: Vec<Remark>,
    comparison: &Comparison,
    old: Side<'_>,
    new: Side<'_>,
) -> Group {
    let was = old.plan.given().any(|key| key == root);
    let is = new.plan.given().any(|key| key == root);
    let mark = match (was, is) {
        (false, true) => '+',
        (true, false) => '-',
        _ => '~',
    };
    let renamed_from = comparison
        .renamed
        .iter()
        .find(|(_, now)| *now == root)
        .map(|(before, _)| before.to_string());
    let side = if is { new } else { old };
    Group {
        file: file_of(root, side).unwrap_or_default(),
        kind: root.kind.as_str().to_owned(),
        namespace: root.namespace.clone(),
        name: root.name.clone(),
        mark,
        headline: headline(root, changes, mark, renamed_from.as_deref(), old, new),
        renamed_from,
        objects: changes
            .iter()
            .map(|change| object(change, old, new))
            .collect(),
        remarks,
    }
}

fn headline(
    root: &ObjectKey,
    changes: &[&ObjectChange],
    mark: char,
    renamed_from: Option<&str>,
    old: Side<'_>,
    new: Side<'_>,
) -> String {
    let scale = |side: Side<'_>| match side.plan.world.object(root) {
        Some(crate::inventory::Object::AimService(service)) => {
            service.spec.as_ref().map(crate::render::scale)
        }
        _ => None,
    };
    if let Some(before) = renamed_from {
        return format!("renamed: was {before}");
    }
    match mark {
        '+' => scale(new).unwrap_or_else(|| "new".to_owned()),
        '-' => {
            let mut kinds: Vec<&str> = changes
                .iter()
                .filter(|change| change.change == Change::Deleted && change.key != *root)
                .map(|change| change.key.kind.as_str())
                .collect();
            kinds.dedup();
            if kinds.is_empty() {
                "deleted".to_owned()
            } else {
                format!("deleted, with {}", kinds.join(", "))
            }
        }
        _ => match (scale(old), scale(new)) {
            (Some(before), Some(now)) if before != now => format!("{before} → {now}"),
            _ => String::new(),
        },
    }
}

fn object(change: &ObjectChange, old: Side<'_>, new: Side<'_>) -> ObjectReport {
    let (mark, fields) = match &change.change {
        Change::Created => ('+', Vec::new()),
        Change::Deleted => ('-', Vec::new()),
        Change::Changed(fields) => (
            '~',
            fields
                .iter()
                .map(|(field, effect)| field_report(&change.key, field, *effect, old, new))
                .collect(),
        ),
    };
    ObjectReport {
        mark,
        kind: change.key.kind.as_str().to_owned(),
        namespace: change.key.namespace.clone(),
        name: change.key.name.clone(),
        expected: change.liveness == Liveness::Expected,
        effect: change.effect().text().to_owned(),
        fields,
    }
}

fn field_report(
    key: &ObjectKey,
    change: &FieldChange,
    effect: Effect,
    old: Side<'_>,
    new: Side<'_>,
) -> FieldReport {
    let keys = |keys: &[String]| Value::Array(keys.iter().cloned().map(Value::String).collect());
    let (edit, before, now) = match &change.edit {
        Edit::Added(value) => ("added", None, Some(value.clone())),
        Edit::Removed(value) => ("removed", Some(value.clone()), None),
        Edit::Changed { old, new } => ("changed", Some(old.clone()), Some(new.clone())),
        Edit::Reordered { old, new } => ("reordered", Some(keys(old)), Some(keys(new))),
    };
    let side = if now.is_some() { new } else { old };
    let cause = side.plan.world.object(key).and_then(|object| {
        let path = change.at.path(&object.to_value());
        line(&side.plan.trace(Place::field(key.clone(), path)), side)
    });
    FieldReport {
        path: change.at.to_string(),
        edit: edit.to_owned(),
        old: before,
        new: now,
        effect: effect.text().to_owned(),
        cause,
    }
}

/// The findings of the new side that the old one did not have, by given object.
fn remarks(old: Side<'_>, new: Side<'_>) -> BTreeMap<ObjectKey, Vec<Remark>> {
    let identity = |finding: &crate::diag::Finding| {
        (
            finding.rule.code,
            finding.place.object.clone(),
            finding.message.clone(),
        )
    };
    let known: std::collections::BTreeSet<_> = old.plan.findings.iter().map(identity).collect();
    let mut remarks: BTreeMap<ObjectKey, Vec<Remark>> = BTreeMap::new();
    for finding in new
        .plan
        .findings
        .iter()
        .filter(|finding| finding.level != Level::Note)
    {
        let Some(object) = finding
            .place
            .object
            .clone()
            .filter(|_| !known.contains(&identity(finding)))
        else {
            continue;
        };
        let root = new
            .plan
            .find(&object)
            .map_or(object, |planned| planned.root.clone());
        remarks.entry(root).or_default().push(Remark {
            code: finding.rule.code.to_owned(),
            level: match finding.level {
                Level::Error => "error".to_owned(),
                Level::Warning => "warning".to_owned(),
                Level::Note => "note".to_owned(),
            },
            message: finding.message.clone(),
            place: line(&finding.place, new).unwrap_or_default(),
        });
    }
    remarks
}

fn file_of(key: &ObjectKey, side: Side<'_>) -> Option<String> {
    let place = side
        .plan
        .trace(Place::field(key.clone(), FieldPath::root()));
    let document = side.sources.document(place.document?)?;
    Some(side.sources.file(document.file)?.name.clone())
}

/// `file:line` of a place.
fn line(place: &Place, side: Side<'_>) -> Option<String> {
    let range = side.places.range(place)?;
    let file = side.sources.file(range.file)?;
    let (line, _) = line_column(&file.text, range.start);
    Some(format!("{}:{line}", file.name))
}
