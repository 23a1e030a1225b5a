//! `diff`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::args::{ClusterArgs, PathArgs};
use crate::cli::git::{Repository, State};
use crate::cli::options::{ClusterOptions, Inputs};
use crate::cli::pipeline::{self, Input};
use crate::cli::{CliError, Context, ExitStatus};
use crate::diff::{self, Side, view};
use crate::engine::{self, EngineError, Plan};
use crate::source::{Places, Sources};

/// Show what a change does in the cluster: which objects differ, which pods roll, what is refused, what goes
///
/// Compares the working tree with git's HEAD, unless told otherwise. `aimctl diff OLD NEW` compares two paths. Exit code
/// 0: no difference; 1: differences; 2: trouble.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    cluster: ClusterArgs,

    /// The side to compare with: a git revision, a path, a dump of live objects, or - for standard input
    #[arg(long, value_name = "REV|PATH", conflicts_with = "staged")]
    against: Option<String>,

    /// Compare what is staged with HEAD
    #[arg(long)]
    staged: bool,

    /// What to compare
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    of: Of,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: FormatArg,

    /// Show the values of secrets, too
    #[arg(long)]
    show_secrets: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Of {
    /// What the controllers make of both sides
    #[default]
    Rendered,
    /// The documents themselves
    Source,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FormatArg {
    /// For people
    #[default]
    Text,
    /// One line an object
    Brief,
    /// A unified diff of the manifests
    Unified,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
}

/// Which two sides.
enum Sides {
    /// Two sets of paths.
    Paths {
        old: Vec<PathBuf>,
        new: Vec<PathBuf>,
    },
    /// Two states that git knows.
    Git {
        repository: Repository,
        old: State,
        new: State,
        paths: Vec<PathBuf>,
    },
}

/// Compares.
///
/// # Errors
/// Unusable flags or input, no repository, git fails.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let cluster = context.cluster(&args.cluster)?;
    let (old_text, new_text) = read(sides(args)?, context, &cluster, args)?;
    let mut old = Input::new(old_text, &cluster, None);
    old.require_readable(context)?;
    let (new, before, after) = match args.of {
        Of::Source => {
            let new = Input::new(new_text, &cluster, None);
            let plans = (plan_source(&old, &cluster), plan_source(&new, &cluster));
            (new, plans.0, plans.1)
        }
        Of::Rendered => {
            // What one side holds is what the API server has when the other is applied.
            let mut new = Input::over(new_text, &cluster, &old.loaded.given);
            diff::narrow(
                &mut old.loaded.given,
                &mut new.loaded.given,
                &new.loaded.findings,
            );
            let before = plan(&old, &cluster)?;
            let after = engine::plan_after(&before, new.loaded.given.clone()).map_err(internal)?;
            (new, before, after)
        }
    };
    new.require_readable(context)?;
    show(args, context, (&old, &before), (&new, &after))
}

fn show(
    args: &Args,
    context: &Context,
    old: (&Input, &Plan),
    new: (&Input, &Plan),
) -> Result<ExitStatus, CliError> {
    let comparison = diff::compare_plans(old.1, new.1);
    let (old_places, new_places) = (Places::new(&old.0.sources), Places::new(&new.0.sources));
    let old_side = Side {
        plan: old.1,
        door: &old.0.loaded.findings,
        sources: &old.0.sources,
        places: &old_places,
    };
    let new_side = Side {
        plan: new.1,
        door: &new.0.loaded.findings,
        sources: &new.0.sources,
        places: &new_places,
    };
    let mut report = diff::report(&comparison, old_side, new_side);
    if !args.show_secrets {
        report = diff::covered(report);
    }
    let text = match args.format {
        FormatArg::Text => view::text(&report, context.options.color.stdout),
        FormatArg::Brief => view::brief(&report),
        FormatArg::Unified => view::unified(&comparison, old.1, new.1, !args.show_secrets),
        FormatArg::Json => view::json(&report),
        FormatArg::Markdown => view::markdown(&report),
    };
    context.print(text.as_bytes())?;
    Ok(if report.groups.is_empty() {
        ExitStatus::Clean
    } else {
        ExitStatus::Findings
    })
}

/// What was typed means two sides.
fn sides(args: &Args) -> Result<Sides, CliError> {
    let mut paths: Vec<PathBuf> = args
        .paths
        .paths
        .iter()
        .chain(&args.paths.filenames)
        .cloned()
        .collect();
    let here = Path::new(".");
    if args.staged {
        let repository = Repository::find(here)?;
        return Ok(Sides::Git {
            repository,
            old: State::Head,
            new: State::Index,
            paths: or_here(paths),
        });
    }
    if let Some(against) = &args.against {
        let is_path = against == "-" || Path::new(against).exists();
        if is_path {
            return Ok(Sides::Paths {
                old: vec![PathBuf::from(against)],
                new: or_here(paths),
            });
        }
        let repository = Repository::find(here)?;
        let old = State::Revision(against.clone());
        return Ok(Sides::Git {
            repository,
            old,
            new: State::WorkTree,
            paths: or_here(paths),
        });
    }
    // `diff OLD NEW`, as diff's users type it; in a repository two paths of it may as well be meant as two paths to look
    // at, but nobody compares a folder with its own past by naming another one.
    if let [_, _] = paths.as_slice()
        && let (Some(new), Some(old)) = (paths.pop(), paths.pop())
    {
        return Ok(Sides::Paths {
            old: vec![old],
            new: vec![new],
        });
    }
    let repository = Repository::find(here)?;
    Ok(Sides::Git {
        repository,
        old: State::Head,
        new: State::WorkTree,
        paths: or_here(paths),
    })
}

fn or_here(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    if paths.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        paths
    }
}

fn read(
    sides: Sides,
    context: &Context,
    cluster: &ClusterOptions,
    args: &Args,
) -> Result<(Sources, Sources), CliError> {
    let stdin_name = args
        .paths
        .stdin_filename
        .clone()
        .unwrap_or_else(|| "<stdin>".to_owned());
    let from_paths = |paths: Vec<PathBuf>| {
        pipeline::read_text(
            context,
            &Inputs {
                paths,
                stdin_name: stdin_name.clone(),
            },
            cluster,
        )
    };
    Ok(match sides {
        Sides::Paths { old, new } => (from_paths(old), from_paths(new)),
        Sides::Git {
            repository,
            old,
            new,
            paths,
        } => {
            let tracked = |state: &State| -> Result<Vec<(PathBuf, Vec<u8>)>, CliError> {
                let files = repository.files(state, &paths)?.into_iter();
                Ok(files.map(|file| (file.path, file.bytes)).collect())
            };
            for path in paths.iter().filter(|path| !path.exists()) {
                if repository
                    .files(&old, std::slice::from_ref(path))?
                    .is_empty()
                {
                    return Err(CliError::input(format!(
                        "{} is on neither side of the comparison",
                        path.display()
                    )));
                }
            }
            let (old, new) = (tracked(&old)?, tracked(&new)?);
            if old.is_empty() && new.is_empty() {
                not_in_submodule(&repository, &paths)?;
            }
            pipeline::note_patches(context, &[&old, &new]);
            let read = |files| pipeline::read_files_text(context, files, cluster);
            (read(old), read(new))
        }
    })
}

/// A path that is named and lies in a submodule is not passed over in silence.
fn not_in_submodule(repository: &Repository, paths: &[PathBuf]) -> Result<(), CliError> {
    for path in paths {
        if let Some(module) = repository.submodule_of(path) {
            let (path, module) = (path.display(), module.display());
            return Err(
                CliError::input(format!("{path} is in the submodule {module}"))
                    .with_help(format!("compare inside it: `aimctl diff -C {module}`")),
            );
        }
    }
    Ok(())
}

fn plan(input: &Input, cluster: &ClusterOptions) -> Result<Plan, CliError> {
    engine::plan(input.loaded.given.clone(), cluster.facts.clone()).map_err(internal)
}

/// The documents alone, as the API server would store them.
fn plan_source(input: &Input, cluster: &ClusterOptions) -> Plan {
    engine::plan_of_documents(input.loaded.given.clone(), cluster.facts.clone())
}

fn internal(error: EngineError) -> CliError {
    CliError::Internal(error.to_string())
}
