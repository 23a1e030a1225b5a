//! The grammar of one `{…}`.

use regex::Regex;
use std::sync::LazyLock;

/// One step of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Identifier(String),
    Field(String),
    Wildcard,
    Recursive,
    Slice(Slice),
    Union(Vec<Vec<Node>>),
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
}

/// `[from:to:step]`; an index is the slice of one item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
    /// `to` follows from an index.
    pub(super) is_index: bool,
    pub(super) step: Option<i64>,
}

/// Parses what stands between the braces.
pub(super) fn action(text: &str) -> Result<Vec<Node>, String> {
    let mut parser = Parser {
        rest: text,
        nodes: Vec::new(),
    };
    parser.run()?;
    Ok(parser.nodes)
}

struct Parser<'a> {
    rest: &'a str,
    nodes: Vec<Node>,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), String> {
        while !self.rest.is_empty() {
            if self.eat("[?(") {
                self.filter()?;
                continue;
            }
            if self.rest.starts_with("..") {
                self.recursive()?;
                continue;
            }
            let Some(c) = self.rest.chars().next() else {
                break;
            };
            match c {
                '\r' | '\n' => return Err("unclosed action".to_owned()),
                ' ' | '@' | '$' => self.skip(c),
                '[' => {
                    self.skip(c);
                    self.array()?;
                }
                '"' | '\'' => self.quote(c)?,
                '.' => {
                    self.skip(c);
                    self.field();
                }
                '+' | '-' => self.number()?,
                c if c.is_numeric() => self.number()?,
                c if c == '_' || c.is_alphabetic() => self.identifier(),
                c => {
                    return Err(format!(
                        "unrecognized character in action: U+{:04X} '{c}'",
                        u32::from(c)
                    ));
                }
            }
        }
        Ok(())
    }

    fn skip(&mut self, c: char) {
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
    }

    fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn recursive(&mut self) -> Result<(), String> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return Err("invalid multiple recursive descent".to_owned());
        }
        self.take(2);
        self.nodes.push(Node::Recursive);
        if self
            .rest
            .starts_with(|c: char| c == '_' || c.is_alphanumeric())
        {
            self.field();
        }
        Ok(())
    }

    /// A field runs to the next terminator that no backslash escapes.
    fn field(&mut self) {
        let mut escaped = false;
        let end = self
            .rest
            .find(|c| {
                if escaped {
                    escaped = false;
                    return false;
                }
                escaped = c == '\\';
                is_terminator(c)
            })
            .unwrap_or(self.rest.len());
        let name = self.take(end);
        self.nodes.push(match name {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        });
    }

    fn identifier(&mut self) {
        let end = self.rest.find(is_terminator).unwrap_or(self.rest.len());
        let name = self.take(end);
        self.nodes.push(match name {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        });
    }

    fn number(&mut self) -> Result<(), String> {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let digits = self.rest.get(sign..).unwrap_or_default();
        let end = digits
            .find(|c: char| c != '.' && !c.is_numeric())
            .unwrap_or(digits.len());
        let text = self.take(sign + end);
        if let Ok(number) = text.parse() {
            self.nodes.push(Node::Int(number));
        } else if let Ok(number) = text.parse() {
            self.nodes.push(Node::Float(number));
        } else {
            return Err(format!("cannot parse number {text}"));
        }
        Ok(())
    }

    /// A text in quotes; a backslash keeps its quote inside.
    fn quote(&mut self, quote: char) -> Result<(), String> {
        let unterminated = || "unterminated quoted string".to_owned();
        let mut from = 1;
        loop {
            let tail = self.rest.get(from..).unwrap_or_default();
            let at = tail.find([quote, '\n']).ok_or_else(unterminated)?;
            let end = from + at;
            if self.rest.get(end..end + 1) == Some("\n") {
                return Err(unterminated());
            }
            if self.rest.get(end - 1..end) != Some("\\") {
                let whole = self.take(end + 1);
                let inner = whole.get(1..whole.len() - 1).unwrap_or_default();
                self.nodes.push(Node::Text(unquote(inner, whole)?));
                return Ok(());
            }
            from = end + 1;
        }
    }

    /// What follows `[`: a union, an index or a slice.
    fn array(&mut self) -> Result<(), String> {
        let end = self
            .rest
            .find([']', '\n'])
            .filter(|end| self.rest.get(*end..=*end) == Some("]"))
            .ok_or_else(|| "unterminated array".to_owned())?;
        let text = self.take(end);
        self.take(1);
        if text.contains(',') {
            let parts: Result<Vec<_>, _> = text
                .split(',')
                .map(|part| action(&format!("[{}]", part.trim_matches(' '))))
                .collect();
            self.nodes.push(Node::Union(parts?));
            return Ok(());
        }
        if let Some(key) = text
            .strip_prefix('\'')
            .and_then(|text| text.strip_suffix('\''))
            .filter(|key| !key.contains('\''))
        {
            self.nodes.extend(action(&format!(".{key}"))?);
            return Ok(());
        }
        let text = if text == "*" { ":" } else { text };
        self.nodes.push(Node::Slice(slice(text)?));
        Ok(())
    }

    /// What follows `[?(`: a path that must exist, or a comparison.
    fn filter(&mut self) -> Result<(), String> {
        let mut quote = None;
        let mut closed = false;
        let mut before = ' ';
        let end = self
            .rest
            .char_indices()
            .find(|(_, c)| {
                let escaped = before == '\\';
                before = *c;
                match (c, quote) {
                    ('\n', _) => true,
                    ('"' | '\'', None) => {
                        quote = Some(*c);
                        false
                    }
                    ('"' | '\'', Some(open)) => {
                        closed |= *c == open && !escaped;
                        false
                    }
                    (')', quote) => quote.is_some() == closed,
                    _ => false,
                }
            })
            .filter(|(_, c)| *c == ')')
            .map(|(at, _)| at)
            .ok_or_else(|| "unterminated filter".to_owned())?;
        let text = self.take(end);
        self.take(1);
        if !self.eat("]") {
            return Err("unclosed array expect ]".to_owned());
        }
        static COMPARISON: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new("^([^!<>=]+)([!<>=]+)(.+?)$").ok());
        let parts = COMPARISON.as_ref().and_then(|regex| regex.captures(text));
        self.nodes.push(match parts {
            None => Node::Filter {
                left: action(text)?,
                operator: "exists".to_owned(),
                right: Vec::new(),
            },
            Some(parts) => {
                let part = |index| parts.get(index).map_or("", |part| part.as_str());
                Node::Filter {
                    left: action(part(1))?,
                    operator: part(2).to_owned(),
                    right: action(part(3))?,
                }
            }
        });
        Ok(())
    }
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

fn slice(text: &str) -> Result<Slice, String> {
    let invalid = || format!("invalid array index {text}");
    let mut parts = text.split(':');
    let number = |part: &str| -> Result<Option<i64>, String> {
        if part.is_empty() {
            return Ok(None);
        }
        let digits = part.strip_prefix('-').unwrap_or(part);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        part.parse()
            .map(Some)
            .map_err(|_| format!("array index {part} is not a number"))
    };
    let from = number(parts.next().unwrap_or_default())?;
    let second = parts.next();
    let step = parts.next().map(number).transpose()?.flatten();
    if parts.next().is_some() {
        return Err(invalid());
    }
    Ok(match second {
        Some(to) => Slice {
            from,
            to: number(to)?,
            is_index: false,
            step,
        },
        None => Slice {
            from,
            to: Some(from.unwrap_or_default() + 1),
            is_index: true,
            step,
        },
    })
}

/// Go's unquoting, in either kind of quotes. `whole` is the text with its quotes, for messages.
fn unquote(inner: &str, whole: &str) -> Result<String, String> {
    let invalid = || format!("unquote string {whole} error invalid syntax");
    let quote = whole.chars().next().unwrap_or('"');
    let mut out = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            if c == quote {
                return Err(invalid());
            }
            out.extend(c.to_string().bytes());
            continue;
        }
        let c = chars.next().ok_or_else(invalid)?;
        let digits = |chars: &mut std::str::Chars<'_>, first: Option<char>, count, radix| {
            let text: String = first
                .into_iter()
                .chain(chars.by_ref().take(count))
                .collect();
            u32::from_str_radix(&text, radix).map_err(|_| invalid())
        };
        match c {
            'a' => out.push(7),
            'b' => out.push(8),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            '\\' => out.push(b'\\'),
            'x' => out.push(u8::try_from(digits(&mut chars, None, 2, 16)?).map_err(|_| invalid())?),
            '0'..='7' => {
                let number = digits(&mut chars, Some(c), 2, 8)?;
                out.push(u8::try_from(number).map_err(|_| invalid())?);
            }
            'u' | 'U' => {
                let count = if c == 'u' { 4 } else { 8 };
                let number = digits(&mut chars, None, count, 16)?;
                let c = char::from_u32(number).ok_or_else(invalid)?;
                out.extend(c.to_string().bytes());
            }
            '\'' | '"' if c == quote => out.extend(c.to_string().bytes()),
            _ => return Err(invalid()),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}
