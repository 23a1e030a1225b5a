//! Whether to colour, for each stream.

use std::ffi::OsString;

/// What `--color`, `AIMCTL_COLOR` or the configuration says.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    clap::ValueEnum,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ColorChoice {
    /// On terminals, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether each stream is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Color {
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
}

/// Decides: the flag (or its variable), `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR_FORCE`, `TERM=dumb`, then whether the
/// stream is a terminal. An empty `NO_COLOR` counts as not set; a forcing variable that is empty or `0` does too.
#[must_use]
pub fn resolve(
    choice: ColorChoice,
    variable: impl Fn(&str) -> Option<OsString>,
    terminal: Color,
) -> Color {
    let both = |on| Color {
        stdout: on,
        stderr: on,
    };
    let forced = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    match choice {
        ColorChoice::Always => both(true),
        ColorChoice::Never => both(false),
        ColorChoice::Auto if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) => {
            both(false)
        }
        ColorChoice::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => both(true),
        ColorChoice::Auto if variable("TERM").is_some_and(|value| value == "dumb") => both(false),
        ColorChoice::Auto => terminal,
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, ColorChoice, resolve};

    fn colored(choice: ColorChoice, set: &[(&str, &str)]) -> bool {
        let terminal = Color {
            stdout: true,
            stderr: false,
        };
        let variable = |name: &str| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        };
        resolve(choice, variable, terminal).stdout
    }

    #[test]
    fn the_flag_wins_then_the_environment_then_the_terminal() {
        use ColorChoice::{Always, Auto, Never};
        assert!(colored(Auto, &[]));
        assert!(!colored(Auto, &[("TERM", "dumb")]));
        assert!(!colored(Auto, &[("NO_COLOR", "1")]));
        assert!(colored(Auto, &[("NO_COLOR", "")]));
        assert!(colored(Auto, &[("TERM", "dumb"), ("FORCE_COLOR", "1")]));
        assert!(!colored(Auto, &[("TERM", "dumb"), ("CLICOLOR_FORCE", "0")]));
        assert!(!colored(Auto, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]));
        assert!(colored(Always, &[("NO_COLOR", "1")]));
        assert!(!colored(Never, &[("FORCE_COLOR", "1")]));
    }
}
