//! What Go's `fmt.Sprintf` makes of a text that is no format and is used as one.
//!
//! KServe 0.16.0 passes an error's text as the format of an event (`Recorder.Eventf(…, err.Error())`), so each `%` in it
//! comes out mangled: `'%'` becomes `%!'(MISSING)` (spec 3.9).

/// `fmt.Sprintf(format)` without arguments.
#[must_use]
pub fn without_arguments(format: &str) -> String {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some((plain, directive)) = rest.split_once('%') {
        out.push_str(plain);
        rest = directive_without_argument(directive, &mut out);
    }
    out.push_str(rest);
    out
}

/// Writes what comes of the directive at the start of `text` (after its `%`), and gives what follows it.
fn directive_without_argument<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut index_ok = true;
    let mut rest = text.trim_start_matches(['#', '0', '+', '-', ' ']);
    let mut indexed;
    (rest, indexed) = argument_index(rest, &mut index_ok);
    if let Some(after) = rest.strip_prefix('*') {
        out.push_str("%!(BADWIDTH)");
        rest = after;
        indexed = false;
    } else {
        let after = digits(rest);
        index_ok &= !(indexed && after.len() < rest.len());
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('.') {
        index_ok &= !indexed;
        (rest, indexed) = argument_index(after, &mut index_ok);
        if let Some(after) = rest.strip_prefix('*') {
            out.push_str("%!(BADPREC)");
            rest = after;
            indexed = false;
        } else {
            rest = digits(rest);
        }
    }
    if !indexed {
        (rest, _) = argument_index(rest, &mut index_ok);
    }
    let mut chars = rest.chars();
    match chars.next() {
        None => out.push_str("%!(NOVERB)"),
        Some('%') => out.push('%'),
        Some(verb) => {
            let complaint = if index_ok { "MISSING" } else { "BADINDEX" };
            out.push_str(&format!("%!{verb}({complaint})"));
        }
    }
    chars.as_str()
}

/// Passes over `[n]`; there is no argument, so any index is wrong. Whether one was taken as such.
fn argument_index<'a>(text: &'a str, index_ok: &mut bool) -> (&'a str, bool) {
    let Some(inner) = text.strip_prefix('[') else {
        return (text, false);
    };
    *index_ok = false;
    match inner.split_once(']') {
        None => (inner, false),
        Some((number, after)) => (
            after,
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()),
        ),
    }
}

fn digits(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::without_arguments;

    #[test]
    fn as_go() {
        for (format, written) in [
            ("no verb", "no verb"),
            (
                "an ending '%' (e.g. '1%',",
                "an ending '%!'(MISSING) (e.g. '1%!'(MISSING),",
            ),
            ("100%", "100%!(NOVERB)"),
            ("100%% sure", "100% sure"),
            ("%d %-5s|", "%!d(MISSING) %!s(MISSING)|"),
            ("%[1]d", "%!d(BADINDEX)"),
            ("%*d", "%!(BADWIDTH)%!d(MISSING)"),
            ("%.3é", "%!é(MISSING)"),
        ] {
            assert_eq!(without_arguments(format), written, "{format}");
        }
    }
}
