//! Why a document cannot be read.

use granit_parser::ErrorKind;

use super::scalar::ScalarError;

/// Why a document cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadError {
    /// What is wrong, in our words.
    pub(super) message: String,
    /// kubectl's own text, where it is certain.
    pub(super) refusal: Option<String>,
    /// What to write instead.
    pub(super) help: Option<&'static str>,
    /// Byte offset in the text that was read.
    pub(super) at: usize,
}

/// What kubectl puts before the YAML reader's words.
const CONVERTING: &str = "error converting YAML to JSON: ";

impl ReadError {
    fn new(message: impl Into<String>, at: usize) -> Self {
        Self {
            message: message.into(),
            refusal: None,
            help: None,
            at,
        }
    }

    fn refused(mut self, text: impl AsRef<str>) -> Self {
        self.refusal = Some(format!("{CONVERTING}{}", text.as_ref()));
        self
    }

    fn help(mut self, text: &'static str) -> Self {
        self.help = Some(text);
        self
    }

    /// The same, elsewhere.
    pub(super) fn moved(mut self, by: usize) -> Self {
        self.at += by;
        self
    }

    /// The parser's verdict.
    pub(super) fn syntax(text: &str, at: usize, kind: &ErrorKind) -> Self {
        let tab = text.get(..at).is_some_and(|before| {
            let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
            line.contains('\t')
        }) || text.get(at..).is_some_and(|rest| rest.starts_with('\t'));
        match kind {
            ErrorKind::RecursionLimitExceeded => Self::too_deep(at),
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => Self::tab(at),
            _ if tab => Self::tab(at),
            ErrorKind::UnexpectedCharacter {
                character: '@' | '`',
            } => Self::new("a plain scalar cannot begin with `@` or a backtick", at)
                .refused("yaml: found character that cannot start any token")
                .help("put the text in quotes"),
            ErrorKind::UnexpectedCharacter { character: '%' } => {
                Self::new("a plain scalar cannot begin with `%`", at)
                    .refused("yaml: found character that cannot start any token")
                    .help("put the text in quotes")
            }
            ErrorKind::MappingValueNotAllowed => {
                Self::new("a second `:` on the line: this is no key", at)
                    .help("put a text that holds `: ` in quotes; check the indentation")
            }
            ErrorKind::SimpleKeyExpected => Self::new("a key without `:`", at).help(
                "write `key: value`; a text over several lines must be indented or in quotes",
            ),
            ErrorKind::BlockSequenceEntryNotAllowed => {
                Self::new("a list item cannot stand here", at)
                    .help("begin the list on a line of its own")
            }
            _ => Self::new(kind.to_string(), at),
        }
    }

    /// A tab where only spaces indent.
    pub(super) fn tab(at: usize) -> Self {
        Self::new("a tab used as indentation", at)
            .help("indent with spaces; YAML knows no tabs there")
    }

    /// Nested too deep.
    pub(super) fn too_deep(at: usize) -> Self {
        Self::new(
            format!(
                "nested deeper than {} levels: not read any further",
                super::yaml::MAX_DEPTH
            ),
            at,
        )
    }

    /// A byte that YAML does not allow.
    pub(super) fn control_character(character: char, at: usize) -> Self {
        Self::new(
            format!("a control character (U+{:04X})", u32::from(character)),
            at,
        )
        .refused("yaml: control characters are not allowed")
        .help("remove it, or write it as an escape in double quotes")
    }

    /// A file that is no text.
    pub(super) fn binary(at: usize) -> Self {
        Self::new("a NUL byte: this is no text file", at)
            .refused("yaml: control characters are not allowed")
    }

    /// An escape that only JSON knows.
    pub(super) fn escape(at: usize) -> Self {
        Self::new("an escape that kubectl knows in JSON only", at)
            .help("write the character itself")
    }

    /// An anchor's name with other characters than letters, digits, `_` and `-`.
    pub(super) fn anchor_name(at: usize) -> Self {
        Self::new(
            "kubectl allows only letters, digits, `_` and `-` in the name of an anchor",
            at,
        )
        .refused("yaml: did not find expected alphabetic or numeric character")
    }

    /// A tag that runs into something else.
    pub(super) fn tag_end(at: usize) -> Self {
        Self::new("no white space after a tag", at)
            .refused("yaml: did not find expected whitespace or line break")
            .help("put a text that begins with `!` in quotes")
    }

    /// A key in braces over several lines.
    pub(super) fn key_over_lines(at: usize) -> Self {
        Self::new("a key in braces and its `:` must stand on one line", at)
            .refused("yaml: did not find expected ',' or '}'")
    }

    /// `[a?b]`.
    pub(super) fn question_mark(at: usize) -> Self {
        Self::new("a `?` in plain text inside brackets or braces", at)
            .refused("yaml: did not find expected ',' or '}'")
            .help("put the text in quotes")
    }

    /// `{key:[…]}`.
    pub(super) fn no_space_after_key(at: usize) -> Self {
        Self::new("no space after the `:` of a key", at)
            .refused("yaml: did not find expected ',' or '}'")
            .help("write `: `")
    }

    /// `...` where a document should begin.
    pub(super) fn nothing_before_end(at: usize) -> Self {
        Self::new("`...` ends a document that has not begun", at)
            .refused("yaml: did not find expected node content")
            .help("remove the line")
    }

    /// `%YAML` with another version than 1.1.
    pub(super) fn yaml_version(at: usize) -> Self {
        Self::new("kubectl reads YAML 1.1 only", at)
            .refused("yaml: found incompatible YAML document")
            .help("remove the %YAML line")
    }

    /// A directive that kubectl cuts off from its document.
    pub(super) fn directive(at: usize) -> Self {
        Self::new(
            "a `%` directive: kubectl cuts the stream at `---`, so it has no document",
            at,
        )
        .refused("yaml: line 1: did not find expected <document start>")
        .help("remove the line")
    }

    /// A directive that YAML 1.1 does not know.
    pub(super) fn unknown_directive(at: usize) -> Self {
        Self::new(
            "a line that begins with `%` is a directive, and this is none that kubectl knows",
            at,
        )
        .help("indent the line, or put the text in quotes")
    }

    /// `---` with something after it.
    pub(super) fn separator(rest: &str, at: usize) -> Self {
        let mut error = Self::new("text after `---`", at)
            .help("end the line after `---`; only a comment may follow");
        error.refusal = Some(format!("invalid Yaml document separator: {rest}"));
        error
    }

    /// JSON that is none, in a stream that began with several JSON values.
    pub(super) fn json(message: &str, at: usize) -> Self {
        Self::new(format!("not JSON: {message}"), at)
    }

    /// A scalar that has no value.
    pub(super) fn scalar(error: &ScalarError, text: &str, at: usize) -> Self {
        match error {
            ScalarError::NotJson(name) => {
                let mut error = Self::new(format!("`{text}` has no value in JSON"), at)
                    .help("put it in quotes if a text is meant");
                error.refusal = Some(format!("{CONVERTING}json: unsupported value: {name}"));
                error
            }
            ScalarError::WrongTag(found, asked) => {
                Self::new(format!("`{text}` does not fit the tag {asked}"), at)
                    .refused(format!("yaml: cannot decode {found} `{text}` as a {asked}"))
            }
            ScalarError::NotBase64 => Self::new("!!binary without valid base64", at)
                .refused("yaml: !!binary value contains invalid base64 data"),
        }
    }

    /// A key that JSON cannot have. `kind` is Go's name of its type.
    pub(super) fn key(kind: &str, at: usize) -> Self {
        match kind {
            "collection" => Self::collection_as_key(at),
            "<nil>" => Self::new("null as a key", at).help("put `~` or `null` in quotes"),
            _ => Self::new("a number too large to be a key", at).help("put it in quotes"),
        }
    }

    /// A list or map as a key.
    pub(super) fn collection_as_key(at: usize) -> Self {
        Self::new("a list or map as a key", at)
            .help("a text that begins with `[` or `{` must be in quotes")
    }

    /// `<<` with something else than maps.
    pub(super) fn merge(at: usize) -> Self {
        Self::new("`<<` merges maps only", at)
            .refused("yaml: map merge requires map or sequence of maps as the value")
    }

    /// `*name` without `&name` before it in the document.
    pub(super) fn unknown_anchor(name: &str, at: usize) -> Self {
        Self::new(
            format!("no anchor `&{name}` stands before this in the document"),
            at,
        )
        .refused(format!("yaml: unknown anchor '{name}' referenced"))
    }

    /// `*name` inside the node that `&name` stands for.
    pub(super) fn self_containing(name: &str, at: usize) -> Self {
        Self::new(format!("`&{name}` contains itself"), at)
            .refused(format!("yaml: anchor '{name}' value contains itself"))
    }

    /// Aliases that blow the document up.
    pub(super) fn excessive_aliasing(at: usize) -> Self {
        Self::new("aliases repeat too much: not read any further", at)
            .refused("yaml: document contains excessive aliasing")
    }

    /// `items` that are no list.
    pub(super) fn items(at: usize) -> Self {
        Self::new("`items` makes this a list for kubectl, and it is none", at)
    }
}
