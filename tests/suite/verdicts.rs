//! The recorded verdicts of kube-apiserver 1.34.4 and kubectl 1.34.4 (spec 6): accepted or refused, the causes, what is
//! stored.

use std::collections::{BTreeMap, BTreeSet};

use aimctl::admission::apiserver::{self, Gvk, Request};
use aimctl::diag::{Finding, Level, Moment, Refusal, Refuser};
use aimctl::source::{DocumentId, FileContent, Sources};
use serde::Deserialize;
use serde_json::Value;

/// Rows that no tool without a cluster can match, and why.
const UNMATCHED: &[(&str, &str)] = &[(
    "update/051-uid-changed",
    "only the cluster knows the stored object's UID, which differs from the one given",
)];

#[derive(Deserialize)]
struct Row {
    id: String,
    input: Input,
    old: Option<Input>,
    accepted: bool,
    reason: Option<String>,
    #[serde(default)]
    causes: Vec<Cause>,
    object: Option<Value>,
    #[serde(default)]
    docs: Vec<Doc>,
}

#[derive(Deserialize)]
struct Input {
    text: Option<String>,
    base64: Option<String>,
}

#[derive(Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Cause {
    field: Option<String>,
    reason: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Doc {
    accepted: bool,
    message: Option<String>,
    object: Option<Value>,
}

impl Input {
    fn read(&self, file: &str) -> Sources {
        let bytes = match (&self.text, &self.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(text)) => base64(text),
            (None, None) => panic!("no input"),
        };
        Sources::new([FileContent::read(
            file.to_owned(),
            bytes,
            false,
            &|_: &str| true,
        )])
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("not base64"),
    };
    let digits: Vec<u8> = text.bytes().filter(|c| *c != b'=').map(digit).collect();
    let group = |group: &[u8]| {
        let bits = group
            .iter()
            .fold(0u32, |bits, digit| (bits << 6) | u32::from(*digit));
        let bytes = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

/// What comes of one document.
struct Outcome {
    stored: Result<Value, Refusal>,
    findings: Vec<Finding>,
}

fn judge(id: DocumentId, document: Value, old: Option<Value>, file: &str) -> Option<Outcome> {
    let kind = match apiserver::kind_of(&document, file) {
        Gvk::Known(kind) => kind,
        Gvk::PassedOver => return None,
        Gvk::Refused(mistake) => {
            let findings = vec![mistake.finding(id)];
            let stored = Err(mistake.refusal);
            return Some(Outcome { stored, findings });
        }
    };
    let request = Request {
        document: id,
        kind,
        namespace: "default",
    };
    let verdict = match old {
        None => apiserver::create(request, document),
        Some(old) => {
            let old = apiserver::create(request, old).outcome.unwrap();
            apiserver::update(request, document, &old)
        }
    };
    Some(Outcome {
        stored: verdict.outcome.map_err(|refusal| *refusal),
        findings: verdict.findings,
    })
}

/// Says that kubectl or the API server refuses.
fn is_refusal(finding: &Finding) -> bool {
    finding.level == Level::Error
        && matches!(finding.refuser, Refuser::Kubectl | Refuser::KubeApiserver)
        && matches!(finding.moment, Moment::Reading | Moment::Create | Moment::Update)
        // A key that stands twice passes, and is an error of our own.
        && finding.rule.code != "Y003"
}

/// What the recordings leave out of stored objects.
fn stripped(mut object: Value, update: bool) -> Value {
    if let Some(meta) = object["metadata"].as_object_mut() {
        for key in [
            "uid",
            "generation",
            "creationTimestamp",
            "resourceVersion",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
        ] {
            meta.remove(key);
        }
        if update {
            meta.remove("namespace");
        }
    }
    object
}

fn causes_of(refusal: &Refusal) -> BTreeSet<Cause> {
    if refusal.causes.is_empty() {
        return [Cause {
            field: None,
            reason: None,
            message: Some(refusal.message.clone()),
        }]
        .into();
    }
    let causes = refusal.causes.iter().map(|cause| Cause {
        field: Some(cause.field.clone()),
        reason: Some(cause.reason.to_owned()),
        message: Some(cause.message.clone()),
    });
    causes.collect()
}

fn fields(causes: &BTreeSet<Cause>) -> BTreeSet<Option<&str>> {
    causes.iter().map(|cause| cause.field.as_deref()).collect()
}

#[derive(Default)]
struct Tally {
    rows: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
    other_words: Vec<String>,
}

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.rows.entry(what).or_default() += 1;
    }

    fn wrong(&mut self, row: &Row, what: impl std::fmt::Display) {
        self.wrong.push(format!("{}: {what}", row.id));
    }

    fn stored(&mut self, row: &Row, ours: &Value, theirs: Option<&Value>) {
        let ours = stripped(ours.clone(), row.old.is_some());
        match theirs {
            Some(theirs) if stripped(theirs.clone(), row.old.is_some()) != ours => {
                self.wrong(row, format!("stored {ours}\n   not {theirs}"));
            }
            Some(_) => self.count("stored objects equal"),
            None => {}
        }
    }

    fn refusal(&mut self, row: &Row, refusal: &Refusal, findings: &[Finding]) {
        let ours = causes_of(refusal);
        let theirs: BTreeSet<Cause> = row.causes.iter().cloned().collect();
        if fields(&ours) != fields(&theirs) {
            self.wrong(
                row,
                format!("causes {:?}\n   not {:?}", fields(&ours), fields(&theirs)),
            );
        } else if row.reason.as_deref().unwrap_or_default() != refusal.reason {
            self.wrong(
                row,
                format!("reason {} not {:?}", refusal.reason, row.reason),
            );
        } else if !findings.iter().any(is_refusal) {
            self.wrong(row, "refused without a finding");
        } else {
            self.count("refused for the same fields");
            if ours == theirs {
                self.count("refused in the same words");
            } else {
                let ours: Vec<_> = ours.difference(&theirs).collect();
                let theirs: Vec<_> = theirs.difference(&causes_of(refusal)).cloned().collect();
                self.other_words
                    .push(format!("{}: {ours:?}\n   {theirs:?}", row.id));
            }
        }
    }

    fn row(&mut self, row: &Row) {
        let file = format!("{}.yaml", row.id.rsplit('/').next().unwrap());
        let mut sources = row.input.read(&file);
        let unread: Vec<Finding> = std::mem::take(&mut sources.findings)
            .into_iter()
            .filter(is_refusal)
            .collect();
        let old = row
            .old
            .as_ref()
            .map(|old| old.read(&file).documents.remove(0).value);
        let documents = sources.documents.into_iter();
        let outcomes: Vec<Outcome> = documents
            .filter_map(|document| judge(document.id, document.value, old.clone(), &file))
            .collect();
        let refused = outcomes.iter().find(|outcome| outcome.stored.is_err());
        let accepted = unread.is_empty() && refused.is_none() && !outcomes.is_empty();
        if accepted != row.accepted {
            let why = refused
                .and_then(|outcome| outcome.stored.as_ref().err())
                .map(|refusal| &refusal.message);
            let unread: Vec<_> = unread.iter().map(|finding| &finding.message).collect();
            return self.wrong(
                row,
                format!(
                    "accepted is {accepted}: {why:?} {unread:?} {:?}",
                    row.causes
                ),
            );
        }
        if let Some(finding) = outcomes
            .iter()
            .filter(|outcome| outcome.stored.is_ok())
            .flat_map(|outcome| &outcome.findings)
            .find(|finding| is_refusal(finding))
        {
            return self.wrong(row, format!("accepted with an error: {finding:?}"));
        }
        for (doc, outcome) in row.docs.iter().zip(&outcomes) {
            match &outcome.stored {
                Ok(_) | Err(_) if doc.accepted != outcome.stored.is_ok() => {
                    self.wrong(row, "a document of several")
                }
                Ok(stored) => self.stored(row, stored, doc.object.as_ref()),
                Err(refusal) if doc.message.as_ref() == Some(&refusal.message) => {
                    self.count("whole messages equal")
                }
                Err(refusal) => self.wrong(
                    row,
                    format!("{}\n   not {:?}", refusal.message, doc.message),
                ),
            }
        }
        match (&*outcomes, refused) {
            (
                [
                    Outcome {
                        stored: Ok(stored), ..
                    },
                ],
                _,
            ) if row.accepted => self.stored(row, stored, row.object.as_ref()),
            (
                _,
                Some(Outcome {
                    stored: Err(refusal),
                    findings,
                }),
            ) if unread.is_empty() => self.refusal(row, refusal, findings),
            _ if !row.accepted => {
                self.count("not read, or nothing in it");
                let said = unread.iter().filter_map(|finding| finding.refusal.clone());
                let theirs: Vec<String> = row
                    .causes
                    .iter()
                    .filter_map(|cause| cause.message.clone())
                    .collect();
                let ours: Vec<String> = said.collect();
                if ours == theirs {
                    self.count("not read, in the same words");
                } else {
                    self.other_words
                        .push(format!("{}: {ours:?}\n   {theirs:?}", row.id));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn verdicts_agree() {
    let path = format!("{}/tests/verdicts/public.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Row> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut tally = Tally::default();
    for row in rows
        .iter()
        .filter(|row| !UNMATCHED.iter().any(|(id, _)| *id == row.id))
    {
        tally.row(row);
    }
    println!("{} rows: {:?}", rows.len(), tally.rows);
    println!("other words:\n{}", tally.other_words.join("\n"));
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong.join("\n")
    );
}
