//! Reading JSON as Go's `encoding/json` does: what it lets pass, and the words in which it complains.

use serde_json::{Map, Number, Value};

/// Go stops at 10000; nothing here is meant to nest that deep.
const MAX_DEPTH: usize = 500;

/// Why Go cannot read a text as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    End,
    /// A byte that cannot stand there.
    #[error("invalid character {} {context}", quoted(*.byte))]
    Invalid {
        /// The byte.
        byte: u8,
        /// Where it stands, as Go puts it.
        context: &'static str,
    },
    /// A number that no `float64` can hold.
    #[error("json: cannot unmarshal number {0} into Go value of type float64")]
    Number(String),
    /// Nested too deep.
    #[error("exceeded max depth")]
    Depth,
}

fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        0..0x20 | 0x7f => format!("'\\x{byte:02x}'"),
        // Go quotes the byte as if it were a character.
        _ => format!("'{}'", char::from(byte)),
    }
}

/// Reads a whole text: the last of equal keys counts, half a surrogate pair becomes U+FFFD, numbers are `float64`.
///
/// # Errors
/// What Go says.
pub fn parse(text: &str) -> Result<Value, SyntaxError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.peek_token() {
        None => Ok(value),
        Some(byte) => Err(invalid(byte, "after top-level value")),
    }
}

fn invalid(byte: u8, context: &'static str) -> SyntaxError {
    SyntaxError::Invalid { byte, context }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek_token(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.peek()
    }

    fn token(&mut self) -> Result<u8, SyntaxError> {
        self.peek_token().ok_or(SyntaxError::End)
    }

    fn next(&mut self) -> Result<u8, SyntaxError> {
        let byte = self.peek().ok_or(SyntaxError::End)?;
        self.at += 1;
        Ok(byte)
    }

    fn value(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(SyntaxError::Depth);
        }
        match self.token()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal("true", "in literal true", Value::Bool(true)),
            b'f' => self.literal("false", "in literal false", Value::Bool(false)),
            b'n' => self.literal("null", "in literal null", Value::Null),
            byte => Err(invalid(byte, "looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        const KEY: &str = "looking for beginning of object key string";
        self.at += 1;
        let mut map = Map::new();
        if self.token()? == b'}' {
            self.at += 1;
            return Ok(Value::Object(map));
        }
        loop {
            match self.token()? {
                b'"' => {}
                byte => return Err(invalid(byte, KEY)),
            }
            let key = self.string()?;
            match self.token()? {
                b':' => self.at += 1,
                byte => return Err(invalid(byte, "after object key")),
            }
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            match self.token()? {
                b',' => self.at += 1,
                b'}' => break,
                byte => return Err(invalid(byte, "after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(Value::Object(map))
    }

    fn array(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.token()? == b']' {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.token()? {
                b',' => self.at += 1,
                b']' => break,
                byte => return Err(invalid(byte, "after array element")),
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    fn literal(
        &mut self,
        word: &str,
        context: &'static str,
        value: Value,
    ) -> Result<Value, SyntaxError> {
        for expected in word.bytes() {
            let byte = self.next()?;
            if byte != expected {
                return Err(invalid(byte, context));
            }
        }
        Ok(value)
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            let rest = self.text.get(start..).unwrap_or_default();
            let plain = rest
                .find(|c: char| c == '"' || c == '\\' || c < ' ')
                .ok_or(SyntaxError::End)?;
            out.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.next()? {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escape()?),
                byte => return Err(invalid(byte, "in string literal")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        Ok(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'u' => {
                let unit = self.hex()?;
                if let Some(c) = char::from_u32(unit) {
                    return Ok(c);
                }
                // A second half belongs to it; anything else stays where it is.
                let before = self.at;
                if self
                    .text
                    .get(self.at..)
                    .is_some_and(|rest| rest.starts_with("\\u"))
                {
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xd800..0xdc00).contains(&unit) && (0xdc00..0xe000).contains(&low) {
                        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    self.at = before;
                }
                '\u{fffd}'
            }
            byte => return Err(invalid(byte, "in string escape code")),
        })
    }

    fn hex(&mut self) -> Result<u32, SyntaxError> {
        let mut value = 0;
        for _ in 0..4 {
            let byte = self.next()?;
            let digit = char::from(byte)
                .to_digit(16)
                .ok_or_else(|| invalid(byte, "in \\u hexadecimal character escape"))?;
            value = value * 16 + digit;
        }
        Ok(value)
    }

    fn digits(&mut self, context: &'static str) -> Result<(), SyntaxError> {
        match self.next()? {
            b'0'..=b'9' => {}
            byte => return Err(invalid(byte, context)),
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        text.parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| SyntaxError::Number(text.to_owned()))
    }
}
