//! `file:` addresses and paths.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::Uri;

/// The path of a `file:` address; `None` for others (an editor's unsaved text).
#[must_use]
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let encoded = &rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    // On Windows the drive follows a slash.
    let drive = path.as_bytes().get(2) == Some(&b':');
    let path = if drive { path.get(1..)? } else { &path };
    Some(PathBuf::from(path))
}

/// The address of an absolute path.
#[must_use]
pub fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    let mut out = String::from("file://");
    if !path.starts_with('/') {
        out.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for path in ["/a b/ü.yaml", "/x/y%20.yaml", "C:/x/y.yaml"] {
            let uri = uri_of(Path::new(path));
            assert_eq!(
                uri.as_ref().and_then(path_of),
                Some(PathBuf::from(path)),
                "{uri:?}"
            );
        }
        let unsaved = Uri::from_str("untitled:Untitled-1").ok();
        assert_eq!(unsaved.as_ref().and_then(path_of), None);
    }
}
