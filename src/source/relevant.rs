//! Whether a text can hold anything that concerns us, without reading it as YAML.

use std::sync::OnceLock;

use regex::Regex;

/// Words of which at least one stands in every document that concerns us.
#[derive(Debug)]
pub struct Relevance {
    words: String,
    /// Made when it is first asked; `None` when the words make no pattern: then everything concerns us.
    pattern: OnceLock<Option<Regex>>,
}

impl Relevance {
    /// Documents that hold one of these words: names of kinds, API groups, names of objects.
    #[must_use]
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        // A word can also be hidden: behind escapes in double quotes, or as !!binary.
        let hidden = [r"\\[xuU\r\n]", "!!binary", "!<"];
        let words: Vec<String> = words
            .into_iter()
            .map(regex::escape)
            .chain(hidden.map(str::to_owned))
            .collect();
        Self {
            words: words.join("|"),
            pattern: OnceLock::new(),
        }
    }

    /// Whether a text may hold a document that concerns us. It never says no to one that does.
    #[must_use]
    pub fn concerns(&self, text: &str) -> bool {
        self.pattern
            .get_or_init(|| Regex::new(&self.words).ok())
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::Relevance;

    #[test]
    fn words_and_words_in_disguise() {
        let relevance = Relevance::new(["AIMService", "aim.eai.amd.com"]);
        for text in [
            "kind: AIMService",
            r#"kind: "\x41IMService""#,
            "kind: \"AIM\\\n  Service\"",
            "kind: !!binary QUlN",
        ] {
            assert!(relevance.concerns(text), "{text}");
        }
        assert!(!relevance.concerns("kind: Deployment\na: 'C:\\dir'\n"));
    }
}
