//! The examples on the rules' pages are true: the bad one draws the rule's finding, the good one does not, and the
//! message on the page is the one that is printed. `AIMCTL_BLESS=1` writes the messages anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use aimctl::diag::fix::apply;
use aimctl::diag::render::{Format, TextStyle, render};
use aimctl::diag::{Finding, Level, Locator, Report};
use aimctl::engine::{self, Given, Plan};
use aimctl::inventory::{Facts, GpuFlag, Installed, STACKS};
use aimctl::rules::{self, Rule};
use aimctl::source::{FileContent, FileId, Sources};

/// Rules whose example is no YAML to be checked: a file that is not there, a suppression (a command's work).
const OTHERWISE_TESTED: &[&str] = &["Y006", "L507"];

/// A fenced block of a page: what it is for, its flags, its text.
struct Block {
    role: String,
    flags: Vec<String>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => {
                let mut words = info.split(' ').map(str::to_owned);
                words.next();
                open = Some(Block {
                    role: words.next().unwrap_or_default(),
                    flags: words.collect(),
                    text: String::new(),
                });
            }
            (None, None) => {}
        }
    }
    found
}

fn by_role(blocks: &[Block]) -> BTreeMap<&str, &Block> {
    blocks
        .iter()
        .map(|block| (block.role.as_str(), block))
        .collect()
}

fn facts(flags: &[String]) -> Facts {
    let mut facts = Facts {
        catalog: true,
        ..Facts::default()
    };
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        match flag.as_str() {
            "--gpu" => facts.gpus.get_or_insert_with(Vec::new).push(GpuFlag {
                model: flags.next().unwrap().clone(),
                vram: None,
            }),
            "--add-on-policy" => facts.add_on_policy = true,
            "--cluster" => {
                assert_eq!(flags.next().unwrap(), "aim-engine");
                facts.installed = Installed::AimEngine;
            }
            other => panic!("unknown flag {other}"),
        }
    }
    facts
}

/// `\xe9` stands for a byte that no text can hold.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.extend(before.as_bytes());
        out.push(u8::from_str_radix(&after[..2], 16).unwrap());
        rest = &after[2..];
    }
    out.extend(rest.as_bytes());
    out
}

fn read(files: &[(&str, &str)]) -> Sources {
    let all = |_: &str| true;
    Sources::new(
        files
            .iter()
            .map(|(name, text)| FileContent::read((*name).to_owned(), bytes(text), false, &all)),
    )
}

struct Checked {
    sources: Sources,
    findings: Vec<Finding>,
}

fn check(block: &Block, others: &BTreeMap<&str, &Block>) -> Checked {
    let with_facts = |name: &'static str, text: &str| {
        let mut files = vec![(name, text.to_owned())];
        if let Some(facts) = others.get("facts") {
            files.push(("facts.yaml", facts.text.clone()));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
        read(&files)
    };
    let facts = facts(&block.flags);
    let mut stored: Vec<Given> = Vec::new();
    let before = match others.get("old") {
        None => Plan::empty(facts),
        Some(old) => {
            stored = engine::load(&mut with_facts("old.yaml", &old.text), "default").given;
            engine::plan(stored.clone(), facts).unwrap()
        }
    };
    let mut sources = with_facts("example.yaml", &block.text);
    let loaded = engine::load_over(&mut sources, "default", &stored);
    let plan = engine::plan_after(&before, loaded.given).unwrap();
    let mut findings = sources.findings.clone();
    findings.extend(loaded.findings);
    findings.extend(plan.findings);
    Checked { sources, findings }
}

fn message(checked: &Checked, rule: &Rule) -> String {
    let mut locator = Locator::new(&checked.sources);
    let located = checked
        .findings
        .iter()
        .filter(|finding| finding.rule.code == rule.code)
        .map(|finding| locator.locate(finding.clone()))
        .collect();
    let report = Report::new(&checked.sources, &STACKS[0], 1, located);
    let mut out = Vec::new();
    render(&report, Format::Text, TextStyle::PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap().trim_end().to_owned()
}

/// The page with the message after its bad example.
fn with_message(page: &str, message: &str) -> String {
    let at = page.find(" bad").unwrap();
    let end = at + page[at..].find("\n```\n").unwrap() + "\n```\n".len();
    let (head, rest) = page.split_at(end);
    let rest = match rest.strip_prefix("\n```text\n") {
        Some(old) => &old[old.find("\n```\n").unwrap() + "\n```\n".len()..],
        None => rest,
    };
    format!("{head}\n```text\n{message}\n```\n{rest}")
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let bless = std::env::var_os("AIMCTL_BLESS").is_some();
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        if OTHERWISE_TESTED.contains(&rule.code) {
            continue;
        }
        let blocks = blocks(rule.page);
        let by_role = by_role(&blocks);
        let found = |checked: &Checked| {
            let codes = checked.findings.iter().map(|finding| finding.rule.code);
            codes.collect::<Vec<_>>()
        };
        let bad = check(by_role["bad"], &by_role);
        if !found(&bad).contains(&rule.code) {
            wrong.push(format!(
                "{}: the bad example gives {:?}",
                rule.code,
                found(&bad)
            ));
            continue;
        }
        let page = with_message(rule.page, &message(&bad, rule));
        if page != rule.page {
            if bless {
                let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("docs/rules/{}.md", rule.code));
                fs::write(path, page).unwrap();
            } else {
                wrong.push(format!("{}: another message is printed", rule.code));
            }
        }
        if let Some(good) = by_role.get("good") {
            let good = check(good, &by_role);
            let errors: Vec<&str> = good
                .findings
                .iter()
                .filter(|finding| finding.rule.code == rule.code || finding.level == Level::Error)
                .map(|finding| finding.rule.code)
                .collect();
            if !errors.is_empty() {
                wrong.push(format!("{}: the good example gives {errors:?}", rule.code));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} pages:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Rules whose bad example has one certain fix.
const FIXABLE: &[&str] = &[
    "S001", "S006", "S007", "M109", "M126", "K203", "K204", "K221", "D301", "O402", "O403", "O404",
    "O405", "O406", "O412",
];

/// The example with every finding of that rule mended, and how many were.
fn mended(checked: &Checked, text: &str, rule: &Rule) -> (String, usize) {
    let mut locator = Locator::new(&checked.sources);
    let fixes: Vec<_> = checked
        .findings
        .iter()
        .filter(|finding| finding.rule.code == rule.code)
        .filter_map(|finding| locator.locate(finding.clone()).fix)
        .collect();
    let edits: Vec<_> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    (apply(text, FileId(0), &edits), fixes.len())
}

#[test]
fn what_has_one_certain_fix_is_gone_after_it_and_comments_stay() {
    let mut fixable = Vec::new();
    for rule in rules::ALL {
        if OTHERWISE_TESTED.contains(&rule.code) {
            continue;
        }
        let blocks = blocks(rule.page);
        let by_role = by_role(&blocks);
        let bad = by_role["bad"];
        let (_, count) = mended(&check(bad, &by_role), &bad.text, rule);
        if count == 0 {
            continue;
        }
        fixable.push(rule.code);
        let commented: String = bad
            .text
            .lines()
            .map(|line| match line {
                "spec:" | "metadata:" => format!("# above\n{line}   # beside\n"),
                other => format!("{other}\n"),
            })
            .chain(["# at the end\n".to_owned()])
            .collect();
        let with = |text: String| Block {
            role: "bad".to_owned(),
            flags: bad.flags.clone(),
            text,
        };
        let before = with(commented);
        let (text, _) = mended(&check(&before, &by_role), &before.text, rule);
        assert_ne!(text, before.text, "{}", rule.code);
        for comment in ["# above", "# beside", "# at the end"] {
            assert_eq!(
                text.matches(comment).count(),
                before.text.matches(comment).count(),
                "{}:\n{text}",
                rule.code
            );
        }
        let after = with(text);
        let checked = check(&after, &by_role);
        let left = checked
            .findings
            .iter()
            .find(|finding| finding.rule.code == rule.code);
        assert_eq!(left, None, "{}:\n{}", rule.code, after.text);
        assert_eq!(mended(&checked, &after.text, rule).1, 0, "{}", rule.code);
    }
    assert_eq!(fixable, FIXABLE);
}
