//! What a diff shows of secrets: that they differ, and nothing else.

use super::report::{FieldReport, Remark, Report};
use crate::diag::secret::{self, COVERED, cover_value as cover};

/// The report with secrets covered: tokens anywhere, and values of variables whose names say that they are secrets.
#[must_use]
pub fn covered(mut report: Report) -> Report {
    for group in &mut report.groups {
        let fields = group
            .objects
            .iter_mut()
            .flat_map(|object| &mut object.fields);
        for FieldReport { path, old, new, .. } in fields {
            let named = variable(path).is_some_and(secret::names_secret);
            for value in [old, new].into_iter().flatten() {
                cover(value, named);
            }
        }
        for Remark {
            message,
            refusal,
            old,
            new,
            ..
        } in &mut group.remarks
        {
            if let Some(value) = old {
                cover(value, false);
            }
            for text in [Some(message), refusal.as_mut(), new.as_mut()]
                .into_iter()
                .flatten()
            {
                *text = secret::mask(text).into_owned();
            }
        }
    }
    report
}

/// The variable whose value a path names: `X` of `….env[X].value`.
fn variable(path: &str) -> Option<&str> {
    let (_, name) = path.strip_suffix("].value")?.rsplit_once('[')?;
    Some(name.trim_matches('"'))
}

/// A unified diff of manifests with secrets covered. A variable's name stands right above its value there.
#[must_use]
pub fn covered_manifests(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut named = false;
    // How far a block of several lines that is covered is indented at least.
    let mut block = None;
    for line in text.split_inclusive('\n') {
        let rest = line.get(1..).unwrap_or_default();
        let body = rest.trim_start();
        let indent = rest.len() - body.len();
        if block.is_some_and(|block| indent > block || body.is_empty()) {
            out.push_str(line.get(..line.len() - body.len()).unwrap_or_default());
            out.push_str(COVERED);
            out.push('\n');
            continue;
        }
        block = None;
        let body = body.strip_prefix("- ").unwrap_or(body);
        if let Some(name) = body.strip_prefix("name: ") {
            named = secret::names_secret(name.trim_end());
        }
        match line.split_once("value: ") {
            Some((head, _)) if named && body.starts_with("value: ") => {
                out.push_str(head);
                out.push_str("value: ");
                out.push_str(COVERED);
                out.push('\n');
                block = Some(indent);
            }
            _ => out.push_str(&secret::mask(line)),
        }
    }
    out
}
