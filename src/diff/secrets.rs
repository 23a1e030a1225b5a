//! What a diff shows of secrets: that they differ, and nothing else.

use super::report::{FieldReport, Remark, Report};
use crate::diag::secret::{self, cover_value as cover};

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
