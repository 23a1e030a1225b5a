//! What is simulated: one input, or two that are compared.

use std::path::{Path, PathBuf};

use crate::cli::args::ClusterArgs;
use crate::cli::git::{Repository, State};
use crate::cli::options::{ClusterOptions, Inputs};
use crate::cli::pipeline::{self, Input, PathAndService};
use crate::cli::{CliError, Context};
use crate::engine::{self, Plan};
use crate::inventory::ObjectKey;
use crate::simulate::planned;

/// The word for standard input.
pub(super) const STDIN: &str = "-";

/// One side.
pub(super) struct Side {
    /// What it is called; empty without a comparison.
    pub(super) name: String,
    pub(super) plan: Plan,
    /// Which Deployment is whose.
    pub(super) deployments: planned::Deployments,
}

/// The sides, the old one first; one without a comparison.
pub(super) fn plans(
    input: &PathAndService,
    compare: Option<&str>,
    cluster: &ClusterArgs,
    context: &Context,
) -> Result<Vec<Side>, CliError> {
    let cluster = context.cluster(cluster)?;
    let inputs = context.inputs(&input.paths())?;
    let here = side(
        &name(&inputs.paths),
        pipeline::read(context, &inputs, &cluster),
        &cluster,
        context,
    )?;
    let Some(other) = compare else {
        return Ok(vec![Side {
            name: String::new(),
            ..here
        }]);
    };
    if other == STDIN || Path::new(other).exists() {
        let paths = vec![PathBuf::from(other)];
        let input = pipeline::read(context, &Inputs { paths, ..inputs }, &cluster);
        return Ok(vec![here, side(other, input, &cluster, context)?]);
    }
    let repository = Repository::find(Path::new("."))?;
    let files = repository.files(&State::Revision(other.to_owned()), &inputs.paths)?;
    let files = files
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect();
    let old = side(
        other,
        pipeline::read_files(context, files, &cluster),
        &cluster,
        context,
    )?;
    Ok(vec![
        old,
        Side {
            name: "working tree".to_owned(),
            ..here
        },
    ])
}

fn name(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(" ")
}

fn side(
    name: &str,
    mut input: Input,
    cluster: &ClusterOptions,
    context: &Context,
) -> Result<Side, CliError> {
    input.require_readable(context)?;
    let given = std::mem::take(&mut input.loaded.given);
    let mut plan = engine::plan(given, cluster.facts.clone())
        .map_err(|error| CliError::Internal(error.to_string()))?;
    plan.findings.append(&mut input.loaded.findings);
    Ok(Side {
        name: name.to_owned(),
        deployments: planned::Deployments::of(&plan),
        plan,
    })
}

/// One service of one side. Those of one group are drawn into one picture.
pub(super) struct Chosen<'a> {
    pub(super) side: &'a Side,
    pub(super) service: ObjectKey,
    pub(super) group: usize,
}

/// The services to play; both sides of a service follow each other.
pub(super) fn services<'a>(
    sides: &'a [Side],
    wanted: Option<&str>,
) -> Result<Vec<Chosen<'a>>, CliError> {
    let name = |key: &ObjectKey| format!("{}/{}", key.namespace, key.name);
    let found: Vec<(&Side, Vec<ObjectKey>)> = sides
        .iter()
        .map(|side| (side, planned::services(&side.plan)))
        .collect();
    // Two inputs with one service each are compared, whatever these are called.
    let alone = found.iter().all(|(_, services)| services.len() == 1);
    let mut groups: Vec<String> = Vec::new();
    let mut chosen = Vec::new();
    for (side, services) in &found {
        for service in services {
            let own = name(service);
            if wanted.is_some_and(|wanted| wanted != service.name && wanted != own) {
                continue;
            }
            let group = groups
                .iter()
                .position(|other| alone || *other == own)
                .unwrap_or(groups.len());
            if group == groups.len() {
                groups.push(own);
            }
            chosen.push(Chosen {
                side,
                service: service.clone(),
                group,
            });
        }
    }
    chosen.sort_by_key(|chosen| chosen.group);
    if chosen.is_empty() {
        let known: Vec<String> = found
            .iter()
            .flat_map(|(_, services)| services)
            .map(name)
            .collect();
        return Err(match wanted {
            Some(wanted) if !known.is_empty() => {
                CliError::usage(format!("there is no service `{wanted}`"))
                    .with_help(format!("there are: {}", known.join(", ")))
            }
            _ => CliError::input("no AIMService found"),
        });
    }
    Ok(chosen)
}
