//! Bytes to documents, and the comments in them.

use aimctl::diag::levels::is_certain;
use aimctl::diag::suppress::suppress;
use aimctl::diag::{Located, Locator};
use aimctl::engine;
use aimctl::render;
use aimctl::rules::L507;
use aimctl::source::{FileId, Sources};
use serde_json::Value;

use super::sources;

/// Bytes to documents: twice the same, and what is printed of them reads back.
pub(crate) fn reading(bytes: &[u8]) {
    let sources = super::sources(bytes);
    let again = super::sources(bytes);
    let values = |sources: &Sources| -> Vec<Value> {
        let documents = sources.documents.iter();
        documents.map(|document| document.value.clone()).collect()
    };
    assert_eq!(values(&sources), values(&again));
    for document in &sources.documents {
        assert_eq!(sources.reread(document.id).as_ref(), Some(&document.value));
        let printed = render::yaml::document(&document.value);
        let reread = super::sources(printed.as_bytes());
        // A list of nothing is no document, and a List is unrolled.
        if document.value.is_object() && document.value.get("items").is_none() {
            let written = std::slice::from_ref(&document.value);
            assert_eq!(values(&reread), written, "{printed}");
        }
    }
}

/// Comments that keep findings back: they lie in the text, and whatever they say, no refusal of the API server is hidden
/// and nothing is invented but complaints about them.
pub(crate) fn suppressions(bytes: &[u8]) {
    let mut sources = sources(bytes);
    let text = sources.files[0].text.clone();
    for suppression in sources.suppressions(FileId(0)) {
        for range in [suppression.comment, suppression.covers] {
            assert!(text.get(range.start..range.end).is_some(), "{range:?}");
        }
        let comment = &text[suppression.comment.start..suppression.comment.end];
        assert!(comment.starts_with('#'), "{comment:?}");
        assert!(!suppression.rules.iter().any(String::is_empty));
        assert!(suppression.rules.iter().all(|rule| comment.contains(rule)));
    }
    let loaded = engine::load(&mut sources, "default");
    let mut locator = Locator::new(&sources);
    let said = sources.findings.iter().chain(&loaded.findings);
    let located: Vec<Located> = said
        .map(|finding| locator.locate(finding.clone()))
        .collect();
    let certain = |findings: &[Located]| -> Vec<Located> {
        let certain = findings.iter().filter(|found| is_certain(&found.finding));
        certain.cloned().collect()
    };
    let kept = suppress(located.clone(), &[], &sources, &mut locator);
    assert_eq!(certain(&located), certain(&kept));
    for found in &kept {
        assert!(found.finding.rule.code == L507.code || located.contains(found));
    }
}
