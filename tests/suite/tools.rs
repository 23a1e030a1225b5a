//! Programs that are not on every machine. Tests that need one say so and pass where it is absent.

use std::path::PathBuf;

/// Who commits in repositories that tests make, and when.
pub(crate) const GIT_AUTHOR: [(&str, &str); 8] = [
    ("GIT_AUTHOR_NAME", "aimctl"),
    ("GIT_AUTHOR_EMAIL", "aimctl@example.com"),
    ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "aimctl"),
    ("GIT_COMMITTER_EMAIL", "aimctl@example.com"),
    ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
];

/// Where a program is on the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file());
    if found.is_none() {
        eprintln!("{program} is not on this machine: what needs it is left out");
    }
    found
}
