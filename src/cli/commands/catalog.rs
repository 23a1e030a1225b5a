//! `catalog`.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::cli::{CliError, Context, ExitStatus};
use crate::diag::nearest;
use crate::inventory::catalog::{self, CatalogImage};

/// Show the built-in catalog of AIM images: models, GPUs, profiles
///
/// Without IMAGE all images, one a line. With one, its profiles in the order in which AIM Engine's discovery looks at them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An image, or a part of the names of images
    #[arg(value_name = "IMAGE", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::images))]
    pub image: Option<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: OutputArg,
}

/// `-o` as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputArg {
    /// For reading
    #[default]
    Table,
    /// A list of all that is known of each image
    Json,
    /// The images' names
    Name,
}

/// Shows the catalog.
///
/// # Errors
/// No image is called that.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let images = matching(args.image.as_deref())?;
    let text = match (args.output, images.as_slice()) {
        (OutputArg::Json, images) => {
            let json = serde_json::to_string_pretty(images)
                .map_err(|error| CliError::Internal(error.to_string()))?;
            format!("{json}\n")
        }
        (OutputArg::Name, images) => images
            .iter()
            .map(|image| format!("{}\n", image.image))
            .collect(),
        (OutputArg::Table, [image]) => one(image),
        (OutputArg::Table, images) => all(images),
    };
    context.print(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

/// The image of that name, else all with that part in their name or their model's.
fn matching(word: Option<&str>) -> Result<Vec<&'static CatalogImage>, CliError> {
    let images = || catalog::images().filter_map(catalog::find);
    let Some(word) = word else {
        return Ok(images().collect());
    };
    if let Some(image) = catalog::find(word) {
        return Ok(vec![image]);
    }
    let part = word.to_lowercase();
    let found: Vec<&CatalogImage> = images()
        .filter(|image| {
            image.image.to_lowercase().contains(&part)
                || image.canonical_name.to_lowercase().contains(&part)
        })
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let error = CliError::usage(format!("the catalog has no image `{word}`"));
    Err(match nearest(word, catalog::images()) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error.with_help("`aimctl catalog` lists all images"),
    })
}

fn all(images: &[&CatalogImage]) -> String {
    let rows = images.iter().map(|image| {
        let gpus: Vec<String> = gpus(image);
        [
            image.image.clone(),
            image.canonical_name.clone(),
            if image.hf_token_required {
                "token"
            } else {
                "open"
            }
            .to_owned(),
            gpus.join(" "),
        ]
    });
    table(["IMAGE", "MODEL", "WEIGHTS", "GPUS"], rows)
}

/// `1xMI300X`: the fewest GPUs of each model that a profile for everyday use runs on.
fn gpus(image: &CatalogImage) -> Vec<String> {
    let mut fewest: Vec<(&str, i32)> = Vec::new();
    for profile in image.profiles.iter().filter(|p| !p.manual_selection_only) {
        match fewest
            .iter_mut()
            .find(|(model, _)| *model == profile.gpu_model)
        {
            Some((_, count)) => *count = (*count).min(profile.gpu_count),
            None => fewest.push((&profile.gpu_model, profile.gpu_count)),
        }
    }
    fewest.sort_unstable();
    fewest
        .into_iter()
        .map(|(model, count)| format!("{count}x{model}"))
        .collect()
}

fn one(image: &CatalogImage) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "image    {}", image.image);
    let _ = writeln!(out, "model    {} ({})", image.canonical_name, image.title);
    let _ = writeln!(out, "weights  {}", image.variants.join(", "));
    let _ = writeln!(out, "source   {}", image.source);
    if image.hf_token_required {
        let _ = writeln!(
            out,
            "token    a Hugging Face token is needed (env HF_TOKEN)"
        );
    }
    let _ = writeln!(out, "tags     {}\n", image.tags.join(", "));
    let rows = image.profiles.iter().map(|profile| {
        [
            profile.profile_id.clone(),
            format!("{}x{}", profile.gpu_count, profile.gpu_model),
            profile.metric.as_str().to_owned(),
            profile.precision.as_str().to_owned(),
            profile.r#type.as_str().to_owned(),
            profile.model_id.clone(),
            if profile.manual_selection_only {
                "only when asked for"
            } else {
                ""
            }
            .to_owned(),
        ]
    });
    out.push_str(&table(
        [
            "PROFILE",
            "GPUS",
            "METRIC",
            "PRECISION",
            "TYPE",
            "WEIGHTS",
            "TAKEN",
        ],
        rows,
    ));
    out
}

/// Columns as wide as they need to be, two spaces apart.
fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rows);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut out = String::new();
    for line in &lines {
        let mut row = String::new();
        for (cell, width) in line.iter().zip(widths) {
            let _ = write!(row, "{cell:<width$}  ");
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}
