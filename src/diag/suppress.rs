//! Findings that somebody decided to live with: comments, annotations, the configuration.

use super::levels::{is_certain, selects};
use super::{FieldPath, Finding, Located, Locator, Place, Target, nearest};
use crate::rules::{self, L507, Rule};
use crate::source::{DocumentId, FileId, Sources, TextRange};

/// The annotation that covers its object: `CODE[, CODE] [-- reason]`.
pub const ANNOTATION: &str = "aimctl.dev/ignore";

/// An entry of the configuration, its globs resolved to the files of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Codes or names of rules.
    pub rules: Vec<String>,
    /// The files of the run that it covers.
    pub files: Vec<FileId>,
}

/// One rule that is not to be reported somewhere.
#[derive(Debug)]
struct Entry {
    selector: String,
    covers: Covers,
    /// Where it is written; `None`: in the configuration.
    place: Option<Place>,
    used: bool,
    /// It met a finding that cannot be suppressed.
    refused: bool,
}

#[derive(Debug)]
enum Covers {
    /// Findings whose place begins there.
    Text(TextRange),
    Document(DocumentId),
    Files(Vec<FileId>),
}

/// Takes the suppressed findings out, and adds a warning for each suppression that names no rule or hides nothing.
///
/// What kubectl or the API server refuses stays ([`is_certain`]).
#[must_use]
pub fn suppress(
    findings: Vec<Located>,
    config: &[Ignore],
    sources: &Sources,
    locator: &mut Locator<'_>,
) -> Vec<Located> {
    let mut entries = comments(sources);
    entries.extend(annotations(sources));
    entries.extend(configured(config));
    if entries.is_empty() {
        return findings;
    }
    let mut kept: Vec<Located> = findings
        .into_iter()
        .filter(|located| {
            let mut hidden = false;
            for entry in &mut entries {
                if !selects(&entry.selector, located.finding.rule) || !entry.covers(located) {
                    continue;
                }
                if is_certain(&located.finding) {
                    entry.refused = true;
                } else {
                    entry.used = true;
                    hidden = true;
                }
            }
            !hidden
        })
        .collect();
    let unused = entries.iter().filter(|entry| !entry.used);
    kept.extend(unused.map(|entry| locator.locate(entry.complaint())));
    kept
}

fn comments(sources: &Sources) -> Vec<Entry> {
    let files = (0..sources.files.len()).map(FileId);
    files
        .flat_map(|file| sources.suppressions(file))
        .flat_map(|suppression| {
            let (covers, comment) = (suppression.covers, suppression.comment);
            named(suppression.rules).map(move |selector| {
                Entry::new(selector, Covers::Text(covers), Some(Place::text(comment)))
            })
        })
        .collect()
}

fn annotations(sources: &Sources) -> Vec<Entry> {
    let path = FieldPath::parse("metadata.annotations").key(ANNOTATION);
    let mut entries = Vec::new();
    for document in &sources.documents {
        let text = sources.file(document.file).map(|file| file.text.as_str());
        let text = text.and_then(|text| text.get(document.range.clone()));
        if !text.is_some_and(|text| text.contains(ANNOTATION)) {
            continue;
        }
        let value = sources.reread(document.id);
        let text = value
            .as_ref()
            .and_then(|value| value.pointer(&path.pointer()));
        let Some(text) = text.and_then(|text| text.as_str()) else {
            continue;
        };
        let place = Place::document(document.id, path.clone()).target(Target::Value);
        let names = text.split("--").next().unwrap_or_default();
        let rules = names
            .split([',', ' ', '\t', '\n'])
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        entries.extend(named(rules).map(|selector| {
            Entry::new(selector, Covers::Document(document.id), Some(place.clone()))
        }));
    }
    entries
}

fn configured(config: &[Ignore]) -> impl Iterator<Item = Entry> + '_ {
    config
        .iter()
        // One that concerns no file of this run is for another run.
        .filter(|ignore| !ignore.files.is_empty())
        .flat_map(|ignore| {
            ignore
                .rules
                .iter()
                .map(|rule| Entry::new(rule.clone(), Covers::Files(ignore.files.clone()), None))
        })
}

/// A suppression without any rule still is one entry, to be complained about.
fn named(rules: Vec<String>) -> impl Iterator<Item = String> {
    let none = rules.is_empty().then(String::new);
    rules.into_iter().chain(none)
}

impl Entry {
    fn new(selector: String, covers: Covers, place: Option<Place>) -> Self {
        Self {
            selector,
            covers,
            place,
            used: false,
            refused: false,
        }
    }

    fn covers(&self, located: &Located) -> bool {
        match &self.covers {
            Covers::Text(range) => located.site.is_some_and(|site| {
                site.range.file == range.file
                    && (range.start..range.end.max(range.start + 1)).contains(&site.range.start)
            }),
            Covers::Document(id) => located.finding.place.document == Some(*id),
            Covers::Files(files) => located
                .site
                .is_some_and(|site| files.contains(&site.range.file)),
        }
    }

    fn complaint(&self) -> Finding {
        let selector = &self.selector;
        let known: Vec<&Rule> = rules::ALL
            .iter()
            .copied()
            .filter(|rule| selects(selector, rule))
            .collect();
        let place = self.place.clone().unwrap_or_else(|| Place {
            document: None,
            object: None,
            path: FieldPath::root(),
            target: Target::Entry,
            range: None,
        });
        let from = if self.place.is_none() {
            "the configuration's "
        } else {
            ""
        };
        if known.is_empty() {
            let names = || rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]);
            let (message, help) = match nearest(selector, names()) {
                _ if selector.is_empty() => (
                    "this suppression names no rule".to_owned(),
                    "write `aimctl:ignore CODE -- reason`".to_owned(),
                ),
                Some(meant) => (
                    format!("{from}suppression of `{selector}`, which is no rule"),
                    format!("did you mean `{meant}`?"),
                ),
                None => (
                    format!("{from}suppression of `{selector}`, which is no rule"),
                    "`aimctl explain --list` shows all rules".to_owned(),
                ),
            };
            return Finding::new(&L507, place, message).help(help);
        }
        if self.refused {
            return Finding::new(
                &L507,
                place,
                format!("{selector} is refused by the API server, so it cannot be suppressed"),
            )
            .help("mend what the finding says; remove the suppression");
        }
        Finding::new(
            &L507,
            place,
            format!("{from}suppression of {selector} hides nothing"),
        )
        .help("remove it")
    }
}
