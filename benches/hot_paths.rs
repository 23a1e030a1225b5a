//! The four hot paths over a hundred services: read, take to the API server's door, plan, print.
//!
//! `cargo bench --manifest-path benches/Cargo.toml`

use std::hint::black_box;

use aimctl::engine;
use aimctl::inventory::Facts;
use aimctl::render::{self, Look, Selection};
use aimctl::source::{FileContent, Sources};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

#[path = "service.rs"]
mod service;

const COUNT: usize = 100;

fn text() -> Vec<u8> {
    let documents: Vec<String> = (0..COUNT).map(service::service).collect();
    documents.join("---\n").into_bytes()
}

fn read(text: Vec<u8>) -> Sources {
    Sources::new([FileContent::read("corpus.yaml".to_owned(), text, false, &|_: &str| true)])
}

fn hot_paths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("100 services");
    let text = text();
    group.bench_function("read", |bencher| {
        bencher.iter_batched(|| text.clone(), read, BatchSize::SmallInput);
    });
    group.bench_function("door", |bencher| {
        bencher.iter_batched(
            || read(text.clone()),
            |mut sources| engine::load(&mut sources, "default"),
            BatchSize::SmallInput,
        );
    });
    let given = engine::load(&mut read(text.clone()), "default").given;
    group.bench_function("plan", |bencher| {
        bencher.iter_batched(
            || given.clone(),
            |given| engine::plan(given, Facts::default()),
            BatchSize::SmallInput,
        );
    });
    if let Ok(plan) = engine::plan(given, Facts::default()) {
        group.bench_function("print", |bencher| {
            bencher.iter(|| {
                let groups = render::select(black_box(&plan), &Selection::default());
                render::print(&groups, "", Look::default())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, hot_paths);
criterion_main!(benches);
