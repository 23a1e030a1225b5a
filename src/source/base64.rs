//! `!!binary`.

/// Standard base64 with padding, line breaks passed over, as Go's decoder; bytes that are no UTF-8 become U+FFFD.
pub(super) fn decode(text: &str) -> Option<String> {
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let mut groups = bytes.chunks(4).peekable();
    while let Some(group) = groups.next() {
        let last = groups.peek().is_none();
        let (data, padding) = match group {
            [a, b, b'=', b'='] if last => (vec![*a, *b], 2),
            [a, b, c, b'='] if last => (vec![*a, *b, *c], 1),
            [_, _, _, _] => (group.to_vec(), 0),
            _ => return None,
        };
        let mut bits = 0_u32;
        for byte in &data {
            bits = bits << 6 | sextet(*byte)?;
        }
        bits <<= 6 * padding;
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend([first, second, third].iter().take(3 - padding));
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
