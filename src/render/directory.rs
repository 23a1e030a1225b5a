//! The output as a folder: one file an object, and a kustomization.yaml (`--output-dir`).

use super::select::Group;
use super::text::{Expected, Look, document};
use super::yaml;
use crate::engine::{Liveness, Planned};

/// The first line of every file that the tool writes; by it `--prune` knows its own.
pub const MARK: &str = "# Written by aimctl render. Changes are lost at the next run.\n";

/// One file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the folder, `/` between its parts; no part is `.` or `..` or holds a separator.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files of a plan's groups, kustomization.yaml last.
#[must_use]
pub fn directory(groups: &[Group<'_>], look: Look) -> Vec<File> {
    let mut files = Vec::new();
    let mut resources = Vec::new();
    for group in groups {
        for planned in &group.objects {
            let live = planned.liveness == Liveness::Live;
            if !live && look.expected != Expected::Docs {
                continue;
            }
            let path = path(group, planned);
            if live {
                resources.push(serde_json::Value::String(path.clone()));
            }
            let text = format!("{MARK}{}", document(planned, look, false));
            files.push(File { path, text });
        }
    }
    let kustomization = serde_json::json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": resources,
    });
    files.push(File {
        path: "kustomization.yaml".to_owned(),
        text: format!("{MARK}{}", yaml::document(&kustomization)),
    });
    files
}

/// `<namespace>/<service>/<kind>-<name>.yaml`.
fn path(group: &Group<'_>, planned: &Planned) -> String {
    let namespace = if planned.key.namespace.is_empty() {
        "cluster"
    } else {
        &planned.key.namespace
    };
    let kind = planned.key.kind.as_str().to_lowercase();
    format!(
        "{}/{}/{kind}-{}.yaml",
        safe(namespace),
        safe(&group.root.name),
        safe(&planned.key.name)
    )
}

/// A name as one part of a path: whatever could leave the folder, or trouble a file system, becomes `_`.
fn safe(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '_'
            }
        })
        .collect();
    if safe.is_empty() || safe.chars().all(|c| c == '.') {
        "_".to_owned()
    } else {
        safe
    }
}
