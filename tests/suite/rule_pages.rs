//! The pages of the rules: there, in form, and true.

use aimctl::rules;

#[test]
fn every_page_belongs_to_a_rule() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            code == "README" || rules::ALL.iter().any(|rule| rule.code == code),
            "{} belongs to no rule",
            path.display()
        );
    }
}

#[test]
fn codes_and_names_are_unique() {
    for (index, rule) in rules::ALL.iter().enumerate() {
        for other in &rules::ALL[..index] {
            assert!(
                rule.code != other.code && rule.name != other.name,
                "{}",
                rule.code
            );
        }
    }
}

#[test]
fn every_page_has_the_same_form() {
    for rule in rules::ALL {
        let mut lines = rule.page.lines();
        assert_eq!(
            lines.next(),
            Some(format!("# {}: {}", rule.code, rule.title).as_str())
        );
        assert_eq!(lines.next(), Some(""));
        let facts = format!(
            "`{}` · {} · {} · {}",
            rule.name,
            rule.level.as_str(),
            rule.refuser.as_str(),
            rule.moment.as_str()
        );
        assert_eq!(lines.next(), Some(facts.as_str()), "{}", rule.code);
        let headings: Vec<&str> = rule
            .page
            .lines()
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(
            headings,
            ["## What", "## Why", "## Example", "## Fix"],
            "{}",
            rule.code
        );
        assert!(
            rule.page.contains(" bad"),
            "{} has no bad example",
            rule.code
        );
        assert!(
            rule.page.ends_with('\n') && !rule.page.contains("\n\n\n"),
            "{}",
            rule.code
        );
    }
}
