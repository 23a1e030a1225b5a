//! `krm`.

use std::io::{self, Read as _};

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::validate::policy::Policy;
use crate::cli::args::{Cluster, ClusterArgs};
use crate::cli::options::Verbosity;
use crate::cli::pipeline::{Input, Run};
use crate::cli::{CliError, Context, ExitStatus, printable};
use crate::engine::Liveness;
use crate::inventory::{Kind, Origin};
use crate::krm::{
    FunctionConfig, Mode, ResourceList, ResultItem, Severity, is_own_annotation, results,
};
use crate::render;
use crate::source::{FileContent, Sources};

/// Work as a KRM function, for kustomize and kpt: a ResourceList from standard input to standard output
///
/// The functionConfig says what to do: `spec` of a resource of any kind, or `data` of a ConfigMap, with the keys mode
/// (validate or render), namespace, gpu, cluster, stack, noCatalog, addOnPolicy, deny, warn, allow. The findings are in
/// results[]. Exit code 1 when one of them is an error.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the function.
///
/// # Errors
/// The input is no ResourceList, or its functionConfig cannot be used.
pub fn run(_: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let list = read()?;
    let config = FunctionConfig::read(list.function_config()).map_err(|error| {
        let usage = CliError::usage(error.to_string());
        match error.help {
            Some(help) => usage.with_help(help),
            None => usage,
        }
    })?;
    let cluster = context.cluster(&flags(&config)?)?;
    let policy = Policy::new(
        &config.deny,
        &config.warn,
        &config.allow,
        &context.options.config,
    )?;
    let items = list.items();
    let run = Run::new(Input::new(sources(items), &cluster, None), &cluster, None)?;
    let report = policy.report(&run);
    let results = results(&report, items);
    let broken = report.summary.errors > 0;
    let rendered = (config.mode == Mode::Render && !broken).then(|| rendered(&run, items));
    say(context, &results);
    context.print(list.with(rendered, &results).as_bytes())?;
    Ok(if broken {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}

fn read() -> Result<ResourceList, CliError> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| CliError::input(format!("standard input cannot be read: {error}")))?;
    ResourceList::read(text).map_err(|error| {
        CliError::input(error.to_string())
            .with_help("kustomize and kpt call it so; to check files use `aimctl validate`")
    })
}

/// The resources as documents of their own, without the orchestrator's annotations, so that a finding's document is the
/// index of its item.
fn sources(items: &[Value]) -> Sources {
    Sources::new(items.iter().map(|item| {
        let mut item = item.clone();
        if let Some(metadata) = item.get_mut("metadata").and_then(Value::as_object_mut)
            && let Some(annotations) = metadata
                .get_mut("annotations")
                .and_then(Value::as_object_mut)
        {
            annotations.retain(|key, _| !is_own_annotation(key));
        }
        // An item that is a list would count as several documents; a cluster has no such objects.
        if item.get("items").is_some() {
            item = Value::Object(Map::new());
        }
        FileContent::read(
            "<stdin>".to_owned(),
            item.to_string().into_bytes(),
            false,
            &|_| true,
        )
    }))
}

/// The configuration as the flags that say the same.
fn flags(config: &FunctionConfig) -> Result<ClusterArgs, CliError> {
    let cluster = config.cluster.as_deref().map(|word| {
        Cluster::from_str(word, false).map_err(|_| {
            CliError::usage(format!("functionConfig: `{word}` is no cluster"))
                .with_help("aim-engine, kserve or keda")
        })
    });
    Ok(ClusterArgs {
        namespace: config.namespace.clone(),
        gpu: config.gpu.clone(),
        cluster: cluster.transpose()?,
        stack: config.stack.clone(),
        no_catalog: config.no_catalog,
        add_on_policy: config.add_on_policy,
        ..ClusterArgs::default()
    })
}

/// The resources that are to be applied: AIM documents only where AIM Engine runs, and what they lead to.
fn rendered(run: &Run, items: &[Value]) -> Vec<Value> {
    let live = |by_hand: bool| {
        run.plan.objects.iter().filter(move |planned| {
            planned.liveness == Liveness::Live
                && matches!(planned.origin, Origin::Given(_)) == by_hand
        })
    };
    let applied = |item: &&Value| {
        let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        let aim = Kind::of(text("apiVersion"), text("kind"))
            .is_some_and(|kind| kind.group() == crate::api::aim::GROUP);
        let name = item.pointer("/metadata/name").and_then(Value::as_str);
        !aim || live(true).any(|planned| {
            planned.key.kind.as_str() == text("kind") && Some(planned.key.name.as_str()) == name
        })
    };
    items
        .iter()
        .filter(applied)
        .cloned()
        .chain(live(false).map(|planned| render::manifest(planned).value))
        .collect()
}

/// The results for people, on standard error: kustomize shows nothing else of a function that fails.
fn say(context: &Context, results: &[ResultItem]) {
    for result in results {
        let (from, word) = match result.severity {
            Severity::Info => (Verbosity::Verbose, "note"),
            Severity::Warning => (Verbosity::Normal, "warning"),
            Severity::Error => (Verbosity::Quiet, "error"),
        };
        let code = result.tags.get("code").map_or("", String::as_str);
        let mut text = format!("{word}[{code}]: {}\n", result.message);
        let mut place = Vec::new();
        if let Some(file) = &result.file {
            place.push(file.path.clone());
        }
        if let Some(resource) = &result.resource_ref {
            let name = [resource.namespace.as_str(), resource.name.as_str()];
            let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
            place.push(format!("{} {}", resource.kind, name.join("/")));
        }
        if let Some(field) = &result.field {
            place.push(field.path.clone());
        }
        text.push_str(&format!("  at   {}\n", place.join(", ")));
        if let Some(help) = result.tags.get("help") {
            text.push_str(&format!("  fix  {}\n", help.replace('\n', "\n       ")));
        }
        context.say(from, &printable(&text));
    }
}
