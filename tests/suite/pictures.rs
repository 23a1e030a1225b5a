//! The pictures of README and docs are what the program prints. `AIMCTL_BLESS=1` draws them again; then look at them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Width and height of a character, in pixels.
const CELL: (f64, f64) = (8.4, 20.0);
const MARGIN: f64 = 16.0;

fn aimctl(line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args(line.split(' '))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seed"))
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn drawn(name: &str, picture: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/pictures")
        .join(name);
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, picture).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == picture,
        "docs/pictures/{name} is out of date: AIMCTL_BLESS=1 draws it again"
    );
}

#[test]
fn a_diagnostic() {
    let command = "validate basic-autoscaling.yaml";
    let text = aimctl(&format!("{command} --color always"));
    drawn("diagnostic.svg", &terminal(command, text.lines()));
}

#[test]
fn a_diff() {
    let command = "diff static.yaml custom-metrics.yaml";
    let text = aimctl(&format!("{command} --color always"));
    let shown = format!("{command} | head -n 24");
    drawn("diff.svg", &terminal(&shown, text.lines().take(24)));
}

#[test]
fn a_graph() {
    drawn("graph.svg", &aimctl("graph custom-metrics.yaml -o svg"));
}

#[test]
fn a_simulation() {
    let line =
        "simulate custom-metrics.yaml --pattern ramp --to 12 --capacity 2 --for 30m --format svg";
    drawn("simulation.svg", &aimctl(line));
}

#[test]
fn a_simulation_in_the_terminal() {
    let command = "simulate custom-metrics.yaml --pattern ramp --to 12 --capacity 2 --for 30m";
    let text = aimctl(&format!("{command} --color always"));
    drawn("simulation-terminal.svg", &terminal(command, text.lines()));
}

/// The width of the terminal that is drawn.
const COLUMNS: usize = 120;

/// How a character is shown: bold, dim, and the colour's number.
#[derive(Clone, Copy, Default, PartialEq)]
struct Style {
    bold: bool,
    dim: bool,
    color: Option<u8>,
}

/// A terminal's screen: the command, and what it printed.
fn terminal<'a>(command: &str, lines: impl Iterator<Item = &'a str>) -> String {
    let prompt = format!("\u{1b}[2m$\u{1b}[0m \u{1b}[1maimctl {command}\u{1b}[0m");
    let mut shown: Vec<Vec<(char, Style)>> = vec![cells(&prompt)];
    shown.extend(lines.flat_map(|line| wrapped(cells(line))));
    let lines = shown;
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let (width, height) = (
        columns as f64 * CELL.0 + 2.0 * MARGIN,
        lines.len() as f64 * CELL.1 + 2.0 * MARGIN,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n<title>aimctl {}</title>\n<style>\ntext {{ font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d5dae3; white-space: pre }}\n.b {{ font-weight: bold }} .d {{ fill: #8b95a7 }} .c1 {{ fill: #ff7b72 }} .c2 {{ fill: #7ee787 }} .c3 {{ fill: #e3b341 }} .c4 {{ fill: #79c0ff }} .c5 {{ fill: #d2a8ff }} .c6 {{ fill: #76e3ea }}\n</style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#10151f\"/>\n",
        escaped(command)
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + (row as f64 + 0.75) * CELL.1;
        let mut column = 0;
        while column < line.len() {
            let (_, style) = line[column];
            // Viewers fold spaces, so a run ends before two of them, too.
            let ends = |at: &usize| {
                line[*at].1 != style || *at > column && line[*at].0 == ' ' && line[*at - 1].0 == ' '
            };
            let end = (column..line.len()).find(ends).unwrap_or(line.len());
            let run: String = line[column..end].iter().map(|(c, _)| *c).collect();
            let blank = run.len() - run.trim_start().len();
            let shown = run.trim();
            if !shown.is_empty() {
                let x = MARGIN + (column + blank) as f64 * CELL.0;
                let length = shown.chars().count() as f64 * CELL.0;
                let mut class = String::new();
                if style.bold {
                    class.push_str("b ");
                }
                if style.dim {
                    class.push_str("d ");
                }
                if let Some(color) = style.color {
                    write!(class, "c{color}").unwrap();
                }
                let class = match class.trim() {
                    "" => String::new(),
                    class => format!(" class=\"{class}\""),
                };
                writeln!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{y:.0}\" textLength=\"{length:.1}\"{class}>{}</text>",
                    escaped(shown)
                )
                .unwrap();
            }
            column = end;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A line as rows of the screen, broken between words.
fn wrapped(mut line: Vec<(char, Style)>) -> Vec<Vec<(char, Style)>> {
    let mut rows = Vec::new();
    while line.len() > COLUMNS {
        let blank = line[..COLUMNS].iter().rposition(|(c, _)| *c == ' ');
        let rest = line.split_off(blank.map_or(COLUMNS, |blank| blank + 1));
        rows.push(line);
        line = rest;
    }
    rows.push(line);
    rows
}

/// The characters of a line with their style; the terminal's control sequences are taken out.
fn cells(line: &str) -> Vec<(char, Style)> {
    let mut cells = Vec::new();
    let mut style = Style::default();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        match rest.strip_prefix("\u{1b}[") {
            Some(sequence) => {
                let end = sequence.find('m').unwrap();
                for code in sequence[..end].split(';') {
                    match code.parse().unwrap_or(0) {
                        0 => style = Style::default(),
                        1 => style.bold = true,
                        2 => style.dim = true,
                        code @ (31..=36 | 91..=96) => style.color = Some(code % 10),
                        39 => style.color = None,
                        code => panic!("what does code {code} look like?"),
                    }
                }
                rest = &sequence[end + 1..];
            }
            None => {
                cells.push((c, style));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    cells
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
