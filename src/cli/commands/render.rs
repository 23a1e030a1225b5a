//! `render`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::args::{ClusterArgs, PathArgs};
use crate::cli::pipeline::{self, Run};
use crate::cli::{CliError, Context, ExitStatus};
use crate::controllers::Stage;
use crate::diag::{Level, nearest};
use crate::inventory::Kind;
use crate::render::{self, Expected, File, Format, Look, Selection};

/// Print the manifests that the controllers would make of each AIMService
///
/// Live objects are those that whoever applies the output must create; expected ones will be made by controllers in the
/// cluster, and are printed as comments. So the output can be piped to `kubectl apply -f -`. All or nothing: when any
/// service cannot work, nothing is printed, unless --keep-going.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    cluster: ClusterArgs,

    /// How to print objects that controllers in the cluster will make
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    expected: ExpectedArg,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    output: OutputArg,

    /// Write one file an object below DIR, with a kustomization.yaml
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Delete files below the output directory that an earlier run wrote and this one does not
    #[arg(long, requires = "output_dir")]
    prune: bool,

    /// Only objects of this kind, or this one object
    #[arg(long, value_name = "KIND[/NAME]", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::rendered_kinds))]
    only: Vec<String>,

    /// Only objects of this stage of the chain
    #[arg(long, value_name = "STAGE", value_enum, value_delimiter = ',')]
    stage: Vec<StageArg>,

    /// Only what this AIMService leads to
    #[arg(long, value_name = "NAME", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::services))]
    service: Vec<String>,

    /// Say in a comment what each object was made from
    #[arg(long)]
    provenance: bool,

    /// Print the status that each AIMService would end with, instead of manifests
    #[arg(long, conflicts_with_all = ["output_dir", "provenance"])]
    status: bool,

    /// Print everything that would exist all the same, half-built services included (exit code 1)
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ExpectedArg {
    /// Commented-out YAML under a heading that names the creator
    #[default]
    Comment,
    /// Documents, marked so that kustomize and kpt leave them out
    Docs,
    /// Not at all
    None,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum OutputArg {
    /// A stream of YAML documents
    #[default]
    Yaml,
    /// One List
    Json,
    /// One JSON object a line
    Ndjson,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StageArg {
    /// AIM Engine
    Aim,
    /// KServe
    Kserve,
    /// KEDA
    Keda,
    /// Pods and the OpenTelemetry operator
    Otel,
}

impl From<StageArg> for Stage {
    fn from(stage: StageArg) -> Self {
        match stage {
            StageArg::Aim => Self::Aim,
            StageArg::Kserve => Self::Kserve,
            StageArg::Keda => Self::Keda,
            StageArg::Otel => Self::Otel,
        }
    }
}

/// Renders.
///
/// # Errors
/// Unusable flags or input, or the output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let selection = Selection {
        only: args
            .only
            .iter()
            .map(|text| kind_and_name(text))
            .collect::<Result<_, _>>()?,
        stages: args.stage.iter().copied().map(Stage::from).collect(),
        services: args.service.clone(),
    };
    let run = pipeline::run(context, &args.paths, &args.cluster)?;
    run.require_services()?;
    for name in &args.service {
        run.service(Some(name))?;
    }
    let broken = run
        .findings
        .iter()
        .any(|finding| finding.level == Level::Error);
    run.report(context, args.keep_going || !broken)?;
    let status = match (run.input.unreadable(), broken) {
        (true, _) => ExitStatus::Trouble,
        (false, true) => ExitStatus::Findings,
        (false, false) => ExitStatus::Clean,
    };
    if broken && !args.keep_going {
        return Ok(status);
    }
    let look = Look {
        expected: match args.expected {
            ExpectedArg::Comment => Expected::Comment,
            ExpectedArg::Docs => Expected::Docs,
            ExpectedArg::None => Expected::None,
        },
        format: match args.output {
            OutputArg::Yaml => Format::Yaml,
            OutputArg::Json => Format::Json,
            OutputArg::Ndjson => Format::Ndjson,
        },
        provenance: args.provenance,
    };
    write(args, context, &run, &selection, look)?;
    Ok(status)
}

fn write(
    args: &Args,
    context: &Context,
    run: &Run,
    selection: &Selection,
    look: Look,
) -> Result<(), CliError> {
    if args.status {
        return context.print(render::statuses(&run.plan, selection, look.format).as_bytes());
    }
    let groups = render::select(&run.plan, selection);
    if let Some(directory) = &args.output_dir {
        let files = render::directory(&groups, look);
        return write_directory(directory, &files, args.prune);
    }
    let header = render::header(&run.plan, &run.stack);
    context.print(render::print(&groups, &header, look).as_bytes())
}

/// `KIND[/NAME]`, the kind as kubectl takes it: any case, singular or plural.
fn kind_and_name(text: &str) -> Result<(Kind, Option<String>), CliError> {
    let (word, name) = text
        .split_once('/')
        .map_or((text, None), |(word, name)| (word, Some(name.to_owned())));
    let lower = word.to_lowercase();
    let kind = Kind::ALL
        .iter()
        .copied()
        .find(|kind| kind.as_str().to_lowercase() == lower || kind.plural() == lower);
    kind.map(|kind| (kind, name)).ok_or_else(|| {
        let error = CliError::usage(format!("`{word}` is no kind that is rendered"));
        match nearest(word, Kind::ALL.iter().map(|kind| kind.as_str())) {
            Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
            None => error,
        }
    })
}

/// Writes all files beside their places, and only when every one is there puts them into place: when the disk is full or
/// a folder cannot be made, the old files are all as they were.
fn write_directory(directory: &Path, files: &[File], prune: bool) -> Result<(), CliError> {
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|file| directory.join(&file.path))
        .collect();
    let mut staged: Vec<Staged<'_>> = Vec::new();
    let done = files
        .iter()
        .zip(&paths)
        .try_for_each(|(file, path)| {
            let is_written = fs::read(path).is_ok_and(|old| old == file.text.as_bytes());
            if !is_written {
                staged.push(Staged::new(path, &file.text)?);
            }
            Ok(())
        })
        .and_then(|()| staged.iter().try_for_each(Staged::put));
    if let Err((path, source)) = done {
        for file in &staged {
            let _ = fs::remove_file(&file.beside);
        }
        return Err(CliError::Output {
            target: path.display().to_string(),
            source,
        });
    }
    if prune {
        prune_below(directory, &paths.into_iter().collect(), 3)
    } else {
        Ok(())
    }
}

/// What could not be written, and why.
type Unwritten = (PathBuf, io::Error);

/// A file that stands beside its place.
struct Staged<'p> {
    beside: PathBuf,
    path: &'p Path,
}

impl<'p> Staged<'p> {
    fn new(path: &'p Path, text: &str) -> Result<Self, Unwritten> {
        if path.is_dir() {
            let error = io::Error::from(io::ErrorKind::IsADirectory);
            return Err((path.to_owned(), error));
        }
        let parent = path.parent().unwrap_or(path);
        fs::create_dir_all(parent).map_err(|error| (parent.to_owned(), error))?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".aimctl-new");
        let beside = PathBuf::from(beside);
        // Something left there, or a link that leads elsewhere, is not written through.
        let _ = fs::remove_file(&beside);
        let written = fs::File::create_new(&beside)
            .and_then(|mut out| out.write_all(text.as_bytes()))
            .map_err(|error| (path.to_owned(), error));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written.map(|()| Self { beside, path })
    }

    fn put(&self) -> Result<(), Unwritten> {
        fs::rename(&self.beside, self.path).map_err(|error| (self.path.to_owned(), error))
    }
}

/// Deletes files that the tool wrote earlier, and folders that are empty then; nothing else, however deep.
fn prune_below(
    directory: &Path,
    written: &BTreeSet<PathBuf>,
    depth: usize,
) -> Result<(), CliError> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() && depth > 0 {
            prune_below(&path, written, depth - 1)?;
            // It fails, as it should, while anything is left inside.
            let _ = fs::remove_dir(&path);
        } else if kind.is_file() && !written.contains(&path) && is_ours(&path) {
            fs::remove_file(&path).map_err(|source| CliError::Output {
                target: path.display().to_string(),
                source,
            })?;
        }
    }
    Ok(())
}

fn is_ours(path: &Path) -> bool {
    fs::read(path).is_ok_and(|text| text.starts_with(render::MARK.as_bytes()))
}
