//! Documents to a plan, and what is printed of it.

use aimctl::diag::render::{self as formats, TextStyle};
use aimctl::diag::{Finding, Level, Located, Locator, Report};
use aimctl::engine::{self, Plan};
use aimctl::inventory::{Facts, Kind, STACKS};
use aimctl::render::{self, Expected, Format, Look, Selection};
use aimctl::rules::Y001;
use aimctl::source::Sources;
use serde_json::Value;

use super::{Set, sources};

/// What the documents of these bytes lead to, what there is to say, and whether all of it is right.
struct Run {
    sources: Sources,
    services: usize,
    plan: Plan,
    findings: Vec<Finding>,
    clean: bool,
}

fn run(bytes: &[u8]) -> Run {
    let mut sources = sources(bytes);
    let loaded = engine::load(&mut sources, "default");
    let facts = Facts {
        catalog: true,
        ..Facts::default()
    };
    let plan = engine::plan(loaded.given, facts).unwrap();
    let said = sources.findings.iter().chain(&loaded.findings);
    let findings: Vec<Finding> = said.chain(&plan.findings).cloned().collect();
    Run {
        services: loaded.services,
        clean: findings.iter().all(|found| found.level != Level::Error),
        sources,
        plan,
        findings,
    }
}

/// Services of which nothing is wrong: every reference within what is printed leads somewhere.
pub(super) fn consistent(text: &str) {
    let run = run(text.as_bytes());
    if !run.clean {
        return;
    }
    let groups = render::select(&run.plan, &Selection::default());
    // The ReplicaSets that own pods are Kubernetes' own business.
    let shown = groups.iter().flat_map(|group| &group.objects);
    let shown = shown.filter(|planned| planned.key.kind != Kind::Pod);
    let faults = Set {
        objects: shown
            .map(|planned| render::manifest(planned).value)
            .collect(),
        input: text.to_owned(),
    }
    .faults();
    assert_eq!(faults, [""; 0], "{text}");
}

/// The findings in every form of report: nothing in a file reaches the terminal as a control sequence, and a fix changes
/// the text only where it says, and leaves it readable.
fn reported(run: &Run) {
    let mut locator = Locator::new(&run.sources);
    let said = run.findings.iter();
    let located: Vec<Located> = said.map(|found| locator.locate(found.clone())).collect();
    let text = run.sources.files[0].text.as_str();
    for fix in located.iter().filter_map(|found| found.fix.as_ref()) {
        let mut mended = text.to_owned();
        for edit in fix.edits.iter().rev() {
            let range = edit.site.range;
            mended.replace_range(range.start..range.end, &edit.text);
        }
        let sources = sources(mended.as_bytes());
        let broken = |found: &&Finding| found.rule.code == Y001.code;
        let before = run.sources.findings.iter().filter(broken).count();
        let after = sources.findings.iter().filter(broken).count();
        assert!(after <= before, "{}: {text:?} -> {mended:?}", fix.title);
    }
    let report = Report::new(&run.sources, &STACKS[0], run.services, located);
    for (format, name) in formats::Format::ALL {
        let mut out = Vec::new();
        formats::render(&report, *format, TextStyle::PLAIN, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let raw = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        assert!(!out.contains(raw), "{name}: {out:?}");
        if *name == "json" || *name == "sarif" || *name == "gitlab" {
            serde_json::from_str::<Value>(&out).unwrap();
        }
    }
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
    let plan = run(bytes).plan;
    let mut groups = render::select(&plan, &Selection::default());
    groups.retain(|group| group.root.kind != Kind::Secret);
    let findings = plan.findings.iter().map(|finding| format!("{finding:?}"));
    let assumptions = plan.assumptions.iter().map(|it| format!("{it:?}"));
    let decisions = plan.decisions.iter().map(|it| format!("{it:?}"));
    let said = findings.chain(assumptions).chain(decisions).collect();
    (render::print(&groups, "", Look::default()), said)
}

/// Document to plan: never a panic or a circle, twice the same, every owner there, the findings can be shown, and the
/// output reads back as what was meant.
pub(crate) fn planning(bytes: &[u8]) {
    let run = self::run(bytes);
    let (plan, clean) = (&run.plan, run.clean);
    let text = printed(plan);
    let again = self::run(bytes);
    assert_eq!(text, printed(&again.plan));
    assert_eq!(run.findings, again.findings);
    reported(&run);
    for planned in &plan.objects {
        assert!(
            plan.world.entry(&planned.root).is_some(),
            "{} was made from {}, which is nowhere",
            planned.key,
            planned.root
        );
    }
    let groups = render::select(plan, &Selection::default());
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
