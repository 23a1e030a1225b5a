//! `docs/fidelity.md`: how much was compared with recordings of the real programs, and what differs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use aimctl::inventory::STACKS;

use super::{CHECKS, known};

const INTRODUCTION: &str = "\
# Fidelity

What `aimctl` derives is compared, field by field, with recordings of the real programs: AIM Engine, KServe, KEDA and the
OpenTelemetry Operator running together against a real API server. This page is written by the tests
(`AIMCTL_BLESS=1 cargo test --test suite -- golden::fidelity`), which fail when it is stale.

*Equal* fields have the recorded value and type. *Unknown* ones are values that only the cluster decides (identifiers, what
hangs on them, the size of a download): the recording has some value there, the tool says `(known after apply)`. *Different*
ones are all in the cases listed below.
";

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for component in STACKS[0].components {
        let checks: Vec<_> = CHECKS
            .iter()
            .filter(|check| check.controller == component.name)
            .collect();
        if checks.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {} {}\n\n| what | recordings | cases | fields compared | equal | unknown | different |\n| --- | --- | --: | --: | --: | --: | --: |\n",
            component.name, component.version
        );
        for check in checks {
            let report = check.report();
            let total = &report.total;
            let compared = total.equal + total.unknown + total.different.len();
            let _ = writeln!(
                page,
                "| {} | `{}/` | {} | {compared} | {} | {} | {} |",
                check.what,
                check.group,
                report.cases,
                total.equal,
                total.unknown,
                total.different.len()
            );
        }
    }
    page.push_str("\n## Known differences\n\n| case | in | why |\n| --- | --- | --- |\n");
    for known in known::DIFFERENCES {
        let whats = known.whats.join("; ");
        let _ = writeln!(
            page,
            "| `{}/{}` | {whats} | {} |",
            known.group, known.case, known.why
        );
    }
    page
}

#[test]
fn the_page_says_what_was_compared() {
    if std::env::var("GOLDEN_CASE").is_ok_and(|filter| !filter.is_empty()) {
        // Only a part of the cases is compared.
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fidelity.md");
    let page = page();
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/fidelity.md is stale: AIMCTL_BLESS=1 cargo test --test suite -- golden::fidelity"
    );
}

#[test]
fn every_controller_is_one_of_the_stack() {
    let named: BTreeSet<&str> = CHECKS.iter().map(|check| check.controller).collect();
    for name in named {
        assert!(
            STACKS[0].components.iter().any(|c| c.name == name),
            "{name}"
        );
    }
}
