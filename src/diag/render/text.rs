//! The report for people: what is wrong, the lines it is about, who says so in which words, what happens then, and
//! what to type next.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::safe;
use super::snippet::{self, Label};
use super::wrap::wrap;
use crate::diag::{Finding, Level, Located, Moment, Refuser, Report};

/// How the text may look. Nothing here is guessed from the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// With colours.
    pub color: bool,
    /// With box-drawing characters, else ASCII.
    pub unicode: bool,
    /// Columns to fit into.
    pub width: usize,
}

impl TextStyle {
    /// For files and pipes: ASCII, no colours, 100 columns.
    pub const PLAIN: Self = Self {
        color: false,
        unicode: false,
        width: 100,
    };
}

/// Where the text of the lines under a picture begins.
const MARGIN: &str = "         ";

pub(super) fn render(report: &Report<'_>, style: TextStyle, out: &mut dyn Write) -> io::Result<()> {
    for located in &report.findings {
        out.write_all(one(report, located, style).as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One finding.
fn one(report: &Report<'_>, located: &Located, style: TextStyle) -> String {
    let finding = &located.finding;
    let paint = Paint::new(style.color, finding.level);
    let mut text = String::new();
    head(&mut text, located, style, paint);
    pictures(&mut text, report, located, style);
    who(&mut text, finding, style, paint);
    let mut line = |label: &str, said: &str| {
        let first = format!("  {}{label:<7}{}", paint.label, paint.label.render_reset());
        wrap(&mut text, said, &first, MARGIN, style.width);
    };
    if let Some(consequence) = &finding.consequence {
        line("then", &safe::text(consequence));
    }
    match (&finding.help, &located.fix) {
        (Some(help), Some(fix)) => {
            let help = safe::text(help);
            let (first, code) = help.split_once('\n').unwrap_or((&help, ""));
            let mut said = match first.strip_suffix(':') {
                Some(first) => format!("{first} (--fix does it):"),
                None => format!("{first} (--fix does it)"),
            };
            // What is written is shown in full by whoever advises, else here.
            let preview = fix
                .preview
                .as_deref()
                .map(|text| indented(&safe::text(text)));
            let code = if code.is_empty() {
                preview
            } else {
                Some(code.to_owned())
            };
            if let Some(code) = code {
                said.push('\n');
                said.push_str(&code);
            }
            line("fix", &said);
        }
        (Some(help), None) => line("fix", &safe::text(help)),
        (None, Some(fix)) => line(
            "fix",
            &format!("{} (--fix does it)", safe::text(&fix.title)),
        ),
        (None, None) => {}
    }
    line("more", &format!("aimctl explain {}", finding.rule.code));
    text
}

/// `error[D301]: what is wrong`, and the object where no text can be shown.
fn head(text: &mut String, located: &Located, style: TextStyle, paint: Paint) {
    let finding = &located.finding;
    let first = format!(
        "{}{}[{}]{}{}:{} {}",
        paint.level,
        finding.level.as_str(),
        finding.rule.code,
        paint.level.render_reset(),
        paint.strong,
        paint.strong.render_reset(),
        paint.strong,
    );
    let mut message = safe::line(&finding.message).into_owned();
    if let (None, Some(object)) = (located.site, &finding.place.object) {
        message.push_str(&format!(" ({})", safe::line(&object.to_string())));
    }
    wrap(text, &message, &first, "    ", style.width);
    text.truncate(text.trim_end().len());
    text.push_str(&paint.strong.render_reset().to_string());
    text.push('\n');
}

/// One picture a file, the one with the finding's own place first.
fn pictures(text: &mut String, report: &Report<'_>, located: &Located, style: TextStyle) {
    let finding = &located.finding;
    let mut labels: Vec<Label<'_>> = Vec::new();
    labels.extend(located.site.map(|site| Label {
        site,
        text: finding.label.as_deref(),
        primary: true,
    }));
    for (related, site) in finding.related.iter().zip(&located.related) {
        labels.extend(site.map(|site| Label {
            site,
            text: Some(&related.label),
            primary: false,
        }));
    }
    while let Some(first) = labels.first() {
        let file = first.site.range.file;
        let (here, elsewhere): (Vec<_>, Vec<_>) = labels
            .into_iter()
            .partition(|label| label.site.range.file == file);
        labels = elsewhere;
        let Some(source) = report.sources.file(file) else {
            continue;
        };
        if source.text.is_empty() {
            // A file that is not there, or that nobody may read: there is nothing to draw.
            text.push_str(&format!("    --> {}\n", safe::line(&source.name)));
        } else {
            text.push_str(&snippet::draw(
                &source.name,
                &source.text,
                &here,
                finding.level,
                style,
            ));
        }
    }
    for (related, site) in finding.related.iter().zip(&located.related) {
        if let (None, Some(object)) = (site, &related.place.object) {
            let said = format!(
                "{}: {}",
                safe::line(&object.to_string()),
                safe::line(&related.label)
            );
            wrap(text, &said, "  with   ", MARGIN, style.width);
        }
    }
}

/// Who says so, when, and in which words.
fn who(text: &mut String, finding: &Finding, style: TextStyle, paint: Paint) {
    if finding.refuser == Refuser::Advice {
        return;
    }
    let when = match (&finding.occasion, finding.moment) {
        (Some(clause), _) => format!("when {}", safe::line(clause)),
        (None, Moment::Reading) => "while it reads the file".to_owned(),
        (None, Moment::Create) => "when it is created".to_owned(),
        (None, Moment::Update) => "when it is changed".to_owned(),
        (None, Moment::Reconcile) => "when it is reconciled".to_owned(),
        (None, Moment::RunTime) => "at run time".to_owned(),
    };
    let at_the_door = matches!(finding.refuser, Refuser::Kubectl | Refuser::KubeApiserver);
    let verb = match finding.level {
        Level::Error if at_the_door || finding.refusal.is_some() => "refused by",
        Level::Error => "fails in",
        Level::Warning | Level::Note => "accepted; happens in",
    };
    let end = if finding.refusal.is_some() { ":" } else { "" };
    wrap(
        text,
        &format!("{verb} {} {when}{end}", finding.refuser.as_str()),
        "  ",
        "  ",
        style.width,
    );
    if let Some(refusal) = &finding.refusal {
        let bar = if style.unicode { '│' } else { '|' };
        let lead = format!("    {}{bar}{} ", paint.dim, paint.dim.render_reset());
        wrap(text, &safe::text(refusal), &lead, &lead, style.width);
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// The colours of a finding.
#[derive(Clone, Copy)]
struct Paint {
    level: Style,
    strong: Style,
    label: Style,
    dim: Style,
}

impl Paint {
    fn new(color: bool, level: Level) -> Self {
        let plain = Style::new();
        if !color {
            return Self {
                level: plain,
                strong: plain,
                label: plain,
                dim: plain,
            };
        }
        let level = match level {
            Level::Error => AnsiColor::Red,
            Level::Warning => AnsiColor::Yellow,
            Level::Note => AnsiColor::Cyan,
        };
        Self {
            level: level.on_default().bold(),
            strong: plain.bold(),
            label: AnsiColor::Cyan.on_default().bold(),
            dim: plain.dimmed(),
        }
    }
}
