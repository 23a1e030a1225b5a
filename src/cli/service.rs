//! Which service a name means.

use super::CliError;
use super::pipeline::Run;
use crate::diag::{Level, nearest};
use crate::inventory::{Kind, ObjectKey};

impl Run {
    /// The AIMService of that name, or the only one; `NAMESPACE/NAME` names it exactly.
    ///
    /// # Errors
    /// There is none, or several and no name.
    pub fn service(&self, name: Option<&str>) -> Result<ObjectKey, CliError> {
        let services = || {
            self.plan
                .given()
                .filter(|key| matches!(key.kind, Kind::AimService | Kind::InferenceService))
        };
        let matches = |key: &&ObjectKey| {
            name.is_none_or(|name| {
                key.name == name || format!("{}/{}", key.namespace, key.name) == name
            })
        };
        let found: Vec<&ObjectKey> = services().filter(matches).collect();
        let names: Vec<String> = services()
            .map(|key| format!("{}/{}", key.namespace, key.name))
            .collect();
        let refused = || {
            self.input
                .loaded
                .findings
                .iter()
                .any(|finding| finding.level == Level::Error)
        };
        match (found.as_slice(), name) {
            ([key], _) => Ok((*key).clone()),
            ([], None) if refused() => Err(CliError::input(
                "the API server refuses every AIMService here",
            )
            .with_help("`aimctl validate` says why")),
            ([], None) => Err(CliError::input("no AIMService found")),
            ([], Some(name)) => {
                let short = services().map(|key| key.name.as_str());
                let meant = nearest(name, names.iter().map(String::as_str).chain(short));
                Err(
                    CliError::usage(format!("there is no service `{name}`")).with_help(
                        match meant {
                            Some(meant) => format!("did you mean `{meant}`?"),
                            None => format!("there are: {}", some_of(&names)),
                        },
                    ),
                )
            }
            (_, _) => {
                Err(CliError::usage("there are several services: name one")
                    .with_help(some_of(&names)))
            }
        }
    }
}

/// Names in one line, of many the first.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 10;
    let shown = names.get(..MOST.min(names.len())).unwrap_or_default();
    let more = match names.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}
