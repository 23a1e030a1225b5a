//! Go's `filepath.Match` on Unix: `*` and `?` stay within one part of a path.

/// Whether the whole name matches the pattern; a bad pattern matches nothing.
///
/// `*` is any text and `?` any character without `/`; `[a-z]` one of a set, `[^a-z]` one outside it (`/` too), `\x` that
/// character. Like Go's, the match takes the leftmost place for each text between stars and never goes back before it.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let stars = pattern.len() - pattern.trim_start_matches('*').len();
        let rest = pattern.get(stars..).unwrap_or_default();
        let (chunk, after) = rest.split_at(chunk_len(rest));
        pattern = after;
        if stars > 0 && chunk.is_empty() {
            return !name.contains('/');
        }
        let fits = |left: &str| left.is_empty() || !after.is_empty();
        if let Some(left) = match_chunk(chunk, name)
            && fits(left)
        {
            name = left;
            continue;
        }
        if stars == 0 {
            return false;
        }
        let skipped = name
            .char_indices()
            .take_while(|(_, c)| *c != '/')
            .filter_map(|(at, c)| match_chunk(chunk, name.get(at + c.len_utf8()..)?))
            .find(|left| fits(left));
        match skipped {
            Some(left) => name = left,
            None => return false,
        }
    }
    name.is_empty()
}

/// Where the next star outside brackets stands.
fn chunk_len(pattern: &str) -> usize {
    let (mut in_set, mut escaped) = (false, false);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_set = true,
            ']' => in_set = false,
            '*' if !in_set => return at,
            _ => {}
        }
    }
    pattern.len()
}

/// What is left of the text after a chunk without stars.
fn match_chunk<'a>(chunk: &str, text: &'a str) -> Option<&'a str> {
    let mut pattern = chunk.chars();
    let mut text = text.chars();
    while let Some(p) = pattern.next() {
        let c = text.next()?;
        let fits = match p {
            '?' => c != '/',
            '[' => match_set(&mut pattern, c)?,
            '\\' => pattern.next()? == c,
            p => p == c,
        };
        if !fits {
            return None;
        }
    }
    Some(text.as_str())
}

/// Whether a set, read up to its `]`, holds the character; `None` for a bad set.
fn match_set(pattern: &mut std::str::Chars<'_>, c: char) -> Option<bool> {
    let mut rest = pattern.as_str();
    let negated = rest.starts_with('^');
    if negated {
        rest = rest.get(1..)?;
    }
    let mut found = false;
    let mut first = true;
    loop {
        if !first && let Some(after) = rest.strip_prefix(']') {
            *pattern = after.chars();
            return Some(found != negated);
        }
        first = false;
        let low = set_char(&mut rest)?;
        let high = match rest.strip_prefix('-') {
            Some(after) => {
                rest = after;
                set_char(&mut rest)?
            }
            None => low,
        };
        found |= (low..=high).contains(&c);
    }
}

fn set_char(rest: &mut &str) -> Option<char> {
    let mut chars = rest.chars();
    let c = match chars.next()? {
        '-' | ']' => return None,
        '\\' => chars.next()?,
        c => c,
    };
    *rest = chars.as_str();
    // Go wants something to follow, at least the closing bracket.
    (!rest.is_empty()).then_some(c)
}
