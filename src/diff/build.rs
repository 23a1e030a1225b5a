//! How a comparison becomes a report.

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{Edit, FieldChange, Step, Steps};
use super::effect::Effect;
use super::objects::{Change, Comparison, ObjectChange};
use super::remarks::{Remark, remarks};
use super::report::{FieldReport, Group, ObjectReport, Report, Side, Summary, line, plain};
use crate::diag::{FieldPath, Place};
use crate::engine::Liveness;
use crate::inventory::{Kind, Object, ObjectKey};

/// Puts a comparison into words.
#[must_use]
pub fn report(comparison: &Comparison, old: Side<'_>, new: Side<'_>) -> Report {
    let builder = Builder {
        comparison,
        old,
        new,
    };
    let mut by_root: BTreeMap<&ObjectKey, Vec<&ObjectChange>> = BTreeMap::new();
    for change in &comparison.objects {
        by_root.entry(&change.root).or_default().push(change);
    }
    let mut remarks = remarks(old, new);
    let mut roots: Vec<&ObjectKey> = by_root.keys().copied().collect();
    let remarked: Vec<ObjectKey> = remarks.keys().cloned().collect();
    roots.extend(&remarked);
    roots.sort_unstable();
    roots.dedup();
    let mut groups: Vec<Group> = roots
        .into_iter()
        // What a service was before it moved is shown with what it is now.
        .filter(|root| !comparison.renamed.contains_key(*root))
        .map(|root| {
            let before = builder.before(root);
            let moved = before.and_then(|before| by_root.get(before));
            let changes: Vec<&ObjectChange> = moved
                .into_iter()
                .chain(by_root.get(root))
                .flatten()
                .copied()
                .collect();
            builder.group(root, &changes, remarks.remove(root).unwrap_or_default())
        })
        .collect();
    groups.sort_by(|a, b| {
        (&a.file, &a.namespace, &a.name, &a.kind).cmp(&(&b.file, &b.namespace, &b.name, &b.kind))
    });
    Report {
        api_version: "diff.aimctl.dev/v1".to_owned(),
        kind: "Diff".to_owned(),
        summary: summary(&groups),
        groups,
    }
}

fn summary(groups: &[Group]) -> Summary {
    let count = |wanted: &dyn Fn(&Group) -> bool| groups.iter().filter(|g| wanted(g)).count();
    let has = |group: &Group, effect: Effect| {
        let mut objects = group.objects.iter();
        objects.any(|object| object.mark == '~' && object.effect == effect.text())
    };
    let refused = |group: &Group| {
        has(group, Effect::Refused) || group.remarks.iter().any(|remark| remark.refused)
    };
    Summary {
        services: groups.len(),
        created: count(&|group| group.mark == '+'),
        moved: count(&|group| group.renamed_from.is_some()),
        deleted: count(&|group| group.mark == '-'),
        rolls: count(&|group| has(group, Effect::RollsPods)),
        scales: count(&|group| has(group, Effect::Scales) && !has(group, Effect::RollsPods)),
        refused: count(&refused),
        failing: count(&|group| {
            !refused(group) && group.remarks.iter().any(|remark| remark.level == "error")
        }),
    }
}

/// Both sides and how they differ.
struct Builder<'a> {
    comparison: &'a Comparison,
    old: Side<'a>,
    new: Side<'a>,
}

impl Builder<'_> {
    /// What a service was called before, when it only has another name or namespace.
    fn before(&self, root: &ObjectKey) -> Option<&ObjectKey> {
        let mut pairs = self.comparison.renamed.iter();
        pairs
            .find(|(_, now)| *now == root)
            .map(|(before, _)| before)
    }

    fn group(&self, root: &ObjectKey, changes: &[&ObjectChange], remarks: Vec<Remark>) -> Group {
        let was = self.old.plan.given().any(|key| key == root);
        let is = self.new.plan.given().any(|key| key == root);
        let before = self.before(root);
        let refused = remarks.iter().any(|remark| remark.refused);
        let mark = match (was, is) {
            _ if refused => '!',
            _ if before.is_some() => '~',
            (false, true) => '+',
            (true, false) => '-',
            _ => '~',
        };
        let side = if is { self.new } else { self.old };
        let headline = match (mark, before) {
            ('!', _) if was => "refused: stays as it is".to_owned(),
            ('!', _) => "refused: not created".to_owned(),
            (_, Some(before)) => moved(before, root),
            ('-', _) => self.deleted(root, changes),
            ('+', _) => self
                .scale(root, self.new)
                .unwrap_or_else(|| "new".to_owned()),
            _ => match (self.scale(root, self.old), self.scale(root, self.new)) {
                (Some(before), Some(now)) if before != now => format!("{before} → {now}"),
                _ => String::new(),
            },
        };
        let written = remarks.iter().find(|remark| remark.refused);
        let written = written.and_then(|remark| Some(remark.place.rsplit_once(':')?.0.to_owned()));
        Group {
            file: file_of(root, side).or(written).unwrap_or_default(),
            kind: root.kind.as_str().to_owned(),
            namespace: root.namespace.clone(),
            name: root.name.clone(),
            mark,
            headline,
            renamed_from: before.map(ToString::to_string),
            objects: changes.iter().map(|change| self.object(change)).collect(),
            remarks,
        }
    }

    fn scale(&self, root: &ObjectKey, side: Side<'_>) -> Option<String> {
        match side.plan.world.object(root) {
            Some(Object::AimService(service)) => service.spec.as_ref().map(crate::render::scale),
            _ => None,
        }
    }

    /// What goes with a deleted object, and what of it stays.
    fn deleted(&self, root: &ObjectKey, changes: &[&ObjectChange]) -> String {
        let mut kinds: Vec<&str> = changes
            .iter()
            .filter(|change| change.change == Change::Deleted && change.key != *root)
            .map(|change| change.key.kind.as_str())
            .collect();
        kinds.dedup();
        let mut text = "deleted".to_owned();
        if !kinds.is_empty() {
            text.push_str(&format!(", with {}", kinds.join(", ")));
        }
        let mut stays: BTreeMap<Kind, usize> = BTreeMap::new();
        let stay = self.old.plan.objects.iter().filter(|planned| {
            planned.root == *root
                && planned.key != *root
                && planned.liveness != Liveness::Absent
                && self.new.plan.world.entry(&planned.key).is_some()
        });
        for planned in stay {
            *stays.entry(planned.key.kind).or_default() += 1;
        }
        if !stays.is_empty() {
            let kinds: Vec<String> = stays
                .iter()
                .map(|(kind, count)| match count {
                    1 => kind.to_string(),
                    count => format!("{count} {kind}s"),
                })
                .collect();
            let verb = if stays.values().sum::<usize>() == 1 {
                "stays"
            } else {
                "stay"
            };
            text.push_str(&format!("; {} {verb}", kinds.join(", ")));
        }
        text
    }

    fn object(&self, change: &ObjectChange) -> ObjectReport {
        let (mark, fields) = match &change.change {
            Change::Created => ('+', Vec::new()),
            Change::Deleted => ('-', Vec::new()),
            Change::Changed(fields) => (
                '~',
                fields
                    .iter()
                    .map(|(field, effect)| self.field(&change.key, field, *effect))
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
            because: because(change),
            pods: self.pods(change),
            fields,
        }
    }

    /// How many pods a workload has on the old side.
    fn pods(&self, change: &ObjectChange) -> Option<i32> {
        match self.old.plan.world.object(&change.key) {
            Some(Object::Deployment(deployment)) if change.effect() == Effect::RollsPods => {
                let spec = deployment.spec.as_ref()?;
                Some(spec.replicas.unwrap_or(1))
            }
            _ => None,
        }
    }

    fn field(&self, key: &ObjectKey, change: &FieldChange, effect: Effect) -> FieldReport {
        let keys =
            |keys: &[String]| Value::Array(keys.iter().cloned().map(Value::String).collect());
        let (edit, before, now) = match &change.edit {
            Edit::Added(value) => ("added", None, Some(value.clone())),
            Edit::Removed(value) => ("removed", Some(value.clone()), None),
            Edit::Changed { old, new } => ("changed", Some(old.clone()), Some(new.clone())),
            Edit::Reordered { old, new } => ("reordered", Some(keys(old)), Some(keys(new))),
        };
        let side = if now.is_some() { self.new } else { self.old };
        let cause = side.plan.world.object(key).and_then(|object| {
            let path = change.at.path(&object.to_value());
            line(&side.plan.trace(Place::field(key.clone(), path)), side)
        });
        let path = change.at.to_string();
        FieldReport {
            edit: edit.to_owned(),
            old: before,
            new: now,
            effect: effect.text().to_owned(),
            cause,
            path,
        }
    }
}

fn moved(before: &ObjectKey, now: &ObjectKey) -> String {
    let (how, from) = if before.name == now.name {
        ("moved", &before.namespace)
    } else if before.namespace == now.namespace {
        ("renamed", &before.name)
    } else {
        return format!(
            "renamed, was {}/{}: all is deleted there and made anew",
            before.namespace, before.name
        );
    };
    format!("{how}, was {from}: all is deleted there and made anew")
}

/// What makes pods roll: `annotations, image`.
fn because(change: &ObjectChange) -> Option<String> {
    let Change::Changed(fields) = &change.change else {
        return None;
    };
    let rolling = fields
        .iter()
        .filter(|(_, effect)| *effect == Effect::RollsPods);
    let mut parts: Vec<&str> = rolling.filter_map(|(field, _)| part(&field.at)).collect();
    parts.sort_unstable();
    parts.dedup();
    (!parts.is_empty() && change.key.kind != Kind::Pod).then(|| parts.join(", "))
}

/// The part of a pod that a field belongs to.
fn part(at: &Steps) -> Option<&str> {
    let known = [
        ("annotations", "annotations"),
        ("labels", "labels"),
        ("env", "env"),
        ("image", "image"),
        ("resources", "resources"),
        ("args", "arguments"),
        ("command", "command"),
        ("volumes", "volumes"),
        ("volumeMounts", "volumes"),
        ("affinity", "placement"),
        ("nodeSelector", "placement"),
        ("tolerations", "placement"),
        ("initContainers", "containers"),
        ("imagePullSecrets", "pull secrets"),
        ("serviceAccountName", "service account"),
    ];
    let mut keys = at.0.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        _ => None,
    });
    let last = keys.clone().next();
    keys.find_map(|key| {
        let found = known.iter().find(|(field, _)| *field == key);
        found.map(|(_, part)| *part)
    })
    .or(last)
}

fn file_of(key: &ObjectKey, side: Side<'_>) -> Option<String> {
    let place = side
        .plan
        .trace(Place::field(key.clone(), FieldPath::root()));
    let document = side.sources.document(place.document?)?;
    Some(plain(&side.sources.file(document.file)?.name).to_owned())
}
