//! A comparison as it is shown: grouped by file and service, each change with what it does and the line that caused it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub use super::build::report;
pub use super::remarks::Remark;
use crate::diag::{Finding, Place};
use crate::engine::Plan;
use crate::source::{Places, Sources, line_column};

/// Which of both sides.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What would exist.
    pub plan: &'a Plan,
    /// What was refused at the API server's door, and what is worth knowing of the documents.
    pub door: &'a [Finding],
    /// What was read.
    pub sources: &'a Sources,
    /// Where things stand in it.
    pub places: &'a Places<'a>,
}

impl<'a> Side<'a> {
    /// All that is found on this side.
    pub(super) fn findings(self) -> impl Iterator<Item = &'a Finding> {
        self.door.iter().chain(&self.plan.findings)
    }

    /// Whether a finding says that a document of the user's is refused when it is applied.
    pub(super) fn at_the_door(self, finding: &Finding) -> bool {
        self.door.iter().any(|other| std::ptr::eq(other, finding))
            || std::ptr::eq(finding.rule, &crate::rules::A050)
    }
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
    /// Of those: how many are new.
    pub created: usize,
    /// How many have another name or namespace only, so that all of theirs is made anew.
    pub moved: usize,
    /// How many are deleted.
    pub deleted: usize,
    /// How many roll pods.
    pub rolls: usize,
    /// How many scale, and roll no pods.
    pub scales: usize,
    /// How many stay as they are because the change is refused.
    pub refused: usize,
    /// How many others have an error that they did not have before.
    pub failing: usize,
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
    /// `+`, `-`, `~`, or `!` when its change is refused.
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
    /// What of the object makes pods roll.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How many pods roll, of a Deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods: Option<i32>,
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

/// `file:line` of a place.
pub(super) fn line(place: &Place, side: Side<'_>) -> Option<String> {
    let range = side.places.range(place)?;
    let file = side.sources.file(range.file)?;
    let (line, _) = line_column(&file.text, range.start);
    Some(format!("{}:{line}", plain(&file.name)))
}

/// A file's name without the `./` that walking the current directory puts before it: git's side has none.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}
