//! What holds for every input, however broken. Driven by arbitrary services (`properties`), by the kept inputs of
//! `tests/fuzz`, and by the targets of `fuzz/`, which share this file.

use aimctl::addon::{Query, target};
use aimctl::diag::Level;
use aimctl::engine::{self, Plan};
use aimctl::inventory::{Facts, Kind};
use aimctl::kube::duration::GoDuration;
use aimctl::kube::image;
use aimctl::kube::quantity::Quantity;
use aimctl::render::{self, Expected, Format, Look, Selection};
use aimctl::source::{FileContent, FileId, Sources};
use serde_json::Value;

/// The documents of a file's bytes.
pub(crate) fn sources(bytes: &[u8]) -> Sources {
    let content = FileContent::read("in.yaml".to_owned(), bytes.to_vec(), false, &|_: &str| true);
    Sources::new([content])
}

/// Bytes to documents: twice the same, and what is printed of them reads back.
pub(crate) fn reading(bytes: &[u8]) {
    let sources = self::sources(bytes);
    let again = self::sources(bytes);
    let values = |sources: &Sources| -> Vec<Value> {
        let documents = sources.documents.iter();
        documents.map(|document| document.value.clone()).collect()
    };
    assert_eq!(values(&sources), values(&again));
    let _ = sources.suppressions(FileId(0));
    for document in &sources.documents {
        assert_eq!(sources.reread(document.id).as_ref(), Some(&document.value));
        let printed = render::yaml::document(&document.value);
        let reread = self::sources(printed.as_bytes());
        // A list of nothing is no document, and a List is unrolled.
        if document.value.is_object() && document.value.get("items").is_none() {
            let written = std::slice::from_ref(&document.value);
            assert_eq!(values(&reread), written, "{printed}");
        }
    }
}

/// What would exist after these bytes are applied, and whether all of it is right.
fn plan(bytes: &[u8]) -> (Plan, bool) {
    let mut sources = sources(bytes);
    let loaded = engine::load(&mut sources, "default");
    let facts = Facts {
        catalog: true,
        ..Facts::default()
    };
    let plan = engine::plan(loaded.given, facts).unwrap();
    let mut findings = sources
        .findings
        .iter()
        .chain(&loaded.findings)
        .chain(&plan.findings);
    let clean = findings.all(|finding| finding.level != Level::Error);
    (plan, clean)
}

fn printed(plan: &Plan) -> String {
    let look = Look {
        expected: Expected::Docs,
        format: Format::Yaml,
        provenance: false,
    };
    render::print(&render::select(plan, &Selection::default()), "", look)
}

/// Everything that is printed but for given Secrets, and everything there is to say.
pub(crate) fn whole(bytes: &[u8]) -> (String, Vec<String>) {
    let (plan, _) = plan(bytes);
    let mut groups = render::select(&plan, &Selection::default());
    groups.retain(|group| group.root.kind != Kind::Secret);
    let findings = plan.findings.iter().map(|finding| format!("{finding:?}"));
    let assumptions = plan.assumptions.iter().map(|it| format!("{it:?}"));
    let decisions = plan.decisions.iter().map(|it| format!("{it:?}"));
    let said = findings.chain(assumptions).chain(decisions).collect();
    (render::print(&groups, "", Look::default()), said)
}

/// Document to plan: never a panic or a circle, twice the same, every owner there, and the output reads back as what
/// was meant.
pub(crate) fn planning(bytes: &[u8]) {
    let (plan, clean) = self::plan(bytes);
    let text = printed(&plan);
    assert_eq!(text, printed(&self::plan(bytes).0));
    for planned in &plan.objects {
        assert!(
            plan.world.entry(&planned.root).is_some(),
            "{} was made from {}, which is nowhere",
            planned.key,
            planned.root
        );
    }
    let groups = render::select(&plan, &Selection::default());
    let shown = groups.iter().flat_map(|group| &group.objects);
    let sources = sources(text.as_bytes());
    let errors: Vec<&str> = sources
        .findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(errors, [""; 0], "{text}");
    let mut documents = sources.documents.iter();
    for planned in shown {
        let document = documents.next().map(|document| &document.value);
        let name = |value: &Value| value.pointer("/metadata/name").cloned();
        let printed = document.and_then(name);
        assert_eq!(
            printed.as_ref().and_then(Value::as_str),
            Some(planned.key.name.as_str())
        );
        let kind = document.and_then(|value| value.get("kind")).cloned();
        assert_eq!(kind, Some(planned.key.kind.as_str().into()));
        if clean {
            let spec = document.and_then(|value| value.get("spec"));
            assert_eq!(
                spec,
                planned.object.to_value().get("spec"),
                "{}",
                planned.key
            );
        }
    }
    assert!(documents.next().is_none());
}

/// The small languages: each text is taken or refused, and what is taken is stable.
pub(crate) fn small_languages(text: &str) {
    if let Ok(quantity) = Quantity::parse(text) {
        let canonical = quantity.canonical();
        let again = Quantity::parse(&canonical).unwrap();
        assert_eq!(again.canonical(), canonical, "{text}");
        let _ = (
            quantity.value(),
            quantity.milli_value(),
            quantity.rounded_up(0),
        );
    }
    let _ = GoDuration::parse(text);
    let _ = Query::parse(text);
    let _ = target(Some(text));
    let _ = image::image_parts(text);
    let _ = image::check_reference(text);
}
