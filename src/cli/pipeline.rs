//! From paths to a plan: what every command begins with.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::args::{ClusterArgs, PathArgs};
use super::options::{ClusterOptions, Inputs, Verbosity};
use super::{CliError, Context, input, kustomize};
use crate::diag::render::{self, Format, TextStyle};
use crate::diag::{Finding, Level, Locator, Report};
use crate::engine::{self, EngineError, Given, Loaded, Plan};
use crate::inventory::{Kind, Stack};
use crate::rules;
use crate::source::{Relevance, Sources};

/// What was read, and the objects in it.
#[derive(Debug)]
pub struct Input {
    /// The files and documents.
    pub sources: Sources,
    /// The objects, and what was refused at the API server's door.
    pub loaded: Loaded,
    /// The versions to reproduce.
    pub stack: &'static Stack,
}

/// An input and what would exist after it is applied; without a plan (`()`) what there is to say about it alone.
#[derive(Debug)]
pub struct Run<P = Plan> {
    /// What was read.
    pub input: Input,
    /// What would exist.
    pub plan: P,
    /// Everything there is to say: about the text, the documents, the plan.
    pub findings: Vec<Finding>,
    /// The versions, in one line.
    pub stack: String,
    /// There is something from which the chain could go on.
    begins: bool,
    allow_empty: bool,
}

/// Kinds, beside the AIMService, from which the chain goes on.
const CHAIN: [Kind; 4] = [
    Kind::InferenceService,
    Kind::ScaledObject,
    Kind::OpenTelemetryCollector,
    Kind::Deployment,
];

/// What was applied before, where a change is looked at.
#[derive(Debug)]
pub struct Before {
    given: Vec<Given>,
    plan: Plan,
}

impl Before {
    /// What an input leads to.
    ///
    /// # Errors
    /// A mistake of the tool.
    pub fn new(input: Input, cluster: &ClusterOptions) -> Result<Self, CliError> {
        let given = input.loaded.given;
        let plan = engine::plan(given.clone(), cluster.facts.clone()).map_err(internal)?;
        Ok(Self { given, plan })
    }
}

/// Reads paths, facts included. What cannot be read is among the findings.
#[must_use]
pub fn read(context: &Context, inputs: &Inputs, cluster: &ClusterOptions) -> Input {
    Input::new(read_text(context, inputs, cluster), cluster, None)
}

/// Reads paths, facts included, and leaves the documents alone.
#[must_use]
pub fn read_text(context: &Context, inputs: &Inputs, cluster: &ClusterOptions) -> Sources {
    context.read(inputs, &cluster.facts_paths, &relevance())
}

/// Reads files whose content is there already, and the facts from their paths.
#[must_use]
pub fn read_files(
    context: &Context,
    files: Vec<(PathBuf, Vec<u8>)>,
    cluster: &ClusterOptions,
) -> Input {
    let sources = context.read_given(files, &cluster.facts_paths, &relevance());
    Input::new(sources, cluster, None)
}

/// Reads files whose content is there already, and leaves the documents alone.
#[must_use]
pub fn read_files_text(
    context: &Context,
    files: Vec<(PathBuf, Vec<u8>)>,
    cluster: &ClusterOptions,
) -> Sources {
    context.read_given(files, &cluster.facts_paths, &relevance())
}

/// Says which of these files are passed over, since kustomize takes them as patches.
pub fn note_patches(context: &Context, sides: &[&[(PathBuf, Vec<u8>)]]) {
    let patches = sides.iter().flat_map(|files| input::given_patches(files));
    if let Some(note) = kustomize::note(&patches.collect()) {
        context.note(&note);
    }
}

/// Words of which one stands in every document that can concern the chain: groups of APIs, and kinds of the groups that
/// every cluster has.
pub(in crate::cli) fn relevance() -> Relevance {
    Relevance::new([
        "aim.eai.amd.com",
        "serving.kserve.io",
        "keda.sh",
        "opentelemetry.io",
        "gateway.networking.k8s.io",
        "inferenceservice-config",
        "Node",
        "Deployment",
        "StatefulSet",
        "HorizontalPodAutoscaler",
        "PersistentVolumeClaim",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "Pod",
    ])
}

/// Reads paths and plans.
///
/// # Errors
/// Unusable flags, unreadable standard input, or a mistake of the tool.
pub fn run(context: &Context, paths: &PathArgs, cluster: &ClusterArgs) -> Result<Run, CliError> {
    let inputs = context.inputs(paths)?;
    let cluster = context.cluster(cluster)?;
    let input = read(context, &inputs, &cluster);
    let _progress = context.progress("working out", 0);
    Run::new(input, &cluster, None)
}

fn internal(error: EngineError) -> CliError {
    CliError::Internal(error.to_string())
}

fn one_line(stack: &Stack) -> String {
    let parts = stack
        .components
        .iter()
        .map(|component| format!("{} {}", component.name, component.version));
    parts.collect::<Vec<_>>().join(", ")
}

impl Input {
    /// Takes the documents to the API server's door.
    #[must_use]
    pub fn new(sources: Sources, cluster: &ClusterOptions, before: Option<&Before>) -> Self {
        let stored = before.map_or(&[][..], |before| &before.given);
        Self::over(sources, cluster, stored)
    }

    /// Takes the documents to the API server's door where these objects are stored already.
    #[must_use]
    pub fn over(mut sources: Sources, cluster: &ClusterOptions, stored: &[Given]) -> Self {
        let loaded = engine::load_over(&mut sources, &cluster.namespace, stored);
        Self {
            sources,
            loaded,
            stack: cluster.stack,
        }
    }

    /// Whether kubectl could not read some of it.
    #[must_use]
    pub fn unreadable(&self) -> bool {
        let unreadable = [&rules::Y001, &rules::Y006];
        self.sources
            .findings
            .iter()
            .any(|finding| unreadable.contains(&finding.rule))
    }

    /// Stops when kubectl could not read some of it, and says what.
    ///
    /// # Errors
    /// Always then; what is wrong is on standard error already.
    pub fn require_readable(&self, context: &Context) -> Result<(), CliError> {
        if !self.unreadable() {
            return Ok(());
        }
        show(
            context,
            &self.sources,
            self.stack,
            self.loaded.services,
            self.sources.findings.clone(),
        );
        Err(CliError::input("some of the input cannot be read"))
    }
}

impl Run<()> {
    /// Finds out what there is to say about an input, over what was applied before it, and makes no plan.
    ///
    /// # Errors
    /// A mistake of the tool.
    pub fn check(
        input: Input,
        cluster: &ClusterOptions,
        before: Option<&Before>,
    ) -> Result<Self, CliError> {
        Self::with(input, cluster, |given| {
            let findings = match before {
                None => engine::check(given, cluster.facts.clone())?,
                Some(before) => engine::plan_after(&before.plan, given)?.findings,
            };
            Ok(((), findings))
        })
    }
}

impl Run {
    /// Plans an input, over what was applied before it.
    ///
    /// # Errors
    /// A mistake of the tool.
    pub fn new(
        input: Input,
        cluster: &ClusterOptions,
        before: Option<&Before>,
    ) -> Result<Self, CliError> {
        Self::with(input, cluster, |given| {
            let plan = match before {
                None => engine::plan(given, cluster.facts.clone())?,
                Some(before) => engine::plan_after(&before.plan, given)?,
            };
            let findings = plan.findings.clone();
            Ok((plan, findings))
        })
    }
}

impl<P> Run<P> {
    /// The run over an input whose objects `plan` plans; it gives its findings, too.
    fn with(
        mut input: Input,
        cluster: &ClusterOptions,
        plan: impl FnOnce(Vec<Given>) -> Result<(P, Vec<Finding>), EngineError>,
    ) -> Result<Self, CliError> {
        let given = std::mem::take(&mut input.loaded.given);
        let mut kinds = given.iter().map(|given| given.object.kind());
        let begins = kinds.any(|kind| CHAIN.contains(&kind));
        let (plan, said) = plan(given).map_err(internal)?;
        let mut findings = input.sources.findings.clone();
        findings.extend_from_slice(&input.loaded.findings);
        findings.extend(said);
        let stack = format!(
            "stack {}: {}",
            cluster.stack.version,
            one_line(cluster.stack)
        );
        Ok(Self {
            input,
            plan,
            findings,
            stack,
            begins,
            allow_empty: cluster.allow_empty,
        })
    }

    /// Stops when there is no AIMService, nor an InferenceService or another object from which the chain could go on.
    ///
    /// # Errors
    /// Then, unless `--allow-empty`.
    pub fn require_services(&self) -> Result<(), CliError> {
        let errors = || {
            let mut findings = self.findings.iter();
            findings.any(|finding| finding.level == Level::Error)
        };
        if self.input.loaded.services > 0 || self.begins || self.allow_empty || errors() {
            return Ok(());
        }
        let files = match self.input.sources.files.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        Err(CliError::input(format!("no AIMService found in {files}"))
            .with_help("name the files or folders that hold them, or say --allow-empty"))
    }
}

impl Run {
    /// Shows the findings on standard error, and with `assumptions` also what was taken for granted.
    ///
    /// # Errors
    /// None today; standard error is never waited for.
    pub fn report(&self, context: &Context, assumptions: bool) -> Result<(), CliError> {
        let findings = self.findings.clone();
        show(
            context,
            &self.input.sources,
            self.input.stack,
            self.input.loaded.services,
            findings,
        );
        if assumptions {
            for assumption in self.plan.assumptions.keys() {
                context.note(&format!("assumed: {assumption}"));
            }
        }
        Ok(())
    }
}

/// Findings for people, on standard error: notes with `-v` only, and with `-q` errors alone.
fn show(
    context: &Context,
    sources: &Sources,
    stack: &'static Stack,
    services: usize,
    findings: Vec<Finding>,
) {
    let least = match context.options.verbosity {
        Verbosity::Quiet => Level::Error,
        Verbosity::Normal => Level::Warning,
        Verbosity::Verbose | Verbosity::Debug => Level::Note,
    };
    let mut locator = Locator::new(sources);
    let located = findings
        .into_iter()
        .filter(|finding| finding.level >= least)
        .map(|finding| locator.locate(finding))
        .collect();
    let report = Report::new(sources, stack, services, located);
    let style = TextStyle {
        color: context.options.color.stderr,
        unicode: context.options.color.stderr,
        width: 100,
    };
    let mut text = Vec::new();
    // Writing to memory cannot fail, and nothing that goes wrong on standard error matters.
    let _ = render::render(&report, Format::Text, style, &mut text);
    let _ = io::stderr().lock().write_all(&text);
}

/// `PATH… [SERVICE]`: the last word is a service when it is no path.
#[derive(Debug, Clone, clap::Args)]
pub struct PathAndService {
    /// Files, directories, globs, or - for standard input; then, if wanted, the name of one service
    #[arg(value_name = "PATH [SERVICE]", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::paths_and_services))]
    words: Vec<PathBuf>,

    /// The same as PATH, as kubectl has it
    #[arg(short = 'f', long = "filename", value_name = "PATH")]
    filenames: Vec<PathBuf>,

    /// What to call standard input in messages
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

impl PathAndService {
    /// The paths.
    #[must_use]
    pub fn paths(&self) -> PathArgs {
        let words = if self.service().is_some() {
            self.words.len() - 1
        } else {
            self.words.len()
        };
        PathArgs {
            paths: self.words.iter().take(words).cloned().collect(),
            filenames: self.filenames.clone(),
            stdin_filename: self.stdin_filename.clone(),
        }
    }

    /// The service, when one was named.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        let several = self.words.len() + self.filenames.len() > 1;
        let last = self.words.last().filter(|last| several && !last.exists())?;
        let text = last.to_str()?;
        let looks_like_path =
            text == "-" || text.contains(['*', '?', '[', '{']) || text.ends_with(".yaml");
        (!looks_like_path).then_some(text)
    }
}
