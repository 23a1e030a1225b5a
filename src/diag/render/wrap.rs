//! Text broken into lines of a terminal's width.

/// Writes `text` behind `first`, later lines behind `rest`, broken between words so that no line is wider than
/// `width` where that is possible. Lines that begin with a blank are kept as they are: they are code.
pub(crate) fn wrap(out: &mut String, text: &str, first: &str, rest: &str, width: usize) {
    let mut indent = first;
    for line in text.split('\n') {
        if line.starts_with(' ') {
            out.push_str(indent);
            out.push_str(line);
            out.push('\n');
            indent = rest;
            continue;
        }
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            }
            if column == 0 {
                out.push_str(indent);
                column = visible(indent);
                indent = rest;
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        if line.is_empty() {
            out.push_str(indent.trim_end());
            indent = rest;
        }
        out.push('\n');
    }
}

/// How many characters a text has on a terminal, colours not counted.
fn visible(text: &str) -> usize {
    let mut count = 0;
    let mut escape = false;
    for c in text.chars() {
        match (escape, c) {
            (false, '\u{1b}') => escape = true,
            (false, _) => count += 1,
            (true, 'm') => escape = false,
            (true, _) => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn breaks_between_words_and_keeps_code() {
        let mut out = String::new();
        wrap(
            &mut out,
            "one two three four\n  spec: {a: very long, b: line}\nend",
            "> ",
            "  ",
            12,
        );
        assert_eq!(
            out,
            "> one two\n  three four\n    spec: {a: very long, b: line}\n  end\n"
        );
    }
}
