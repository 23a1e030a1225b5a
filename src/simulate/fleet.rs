//! The replicas of a service under a load: who serves, who starts, what their sidecars push.

use super::chain::{Requests, Workload};
use super::load::Load;
use super::scenario::{Delivery, Replica, Scenario, Trigger};
use crate::addon::{Aggregation, Operation, Series};

/// What a metric of the engine shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Requests in service.
    Running,
    /// Requests that wait in the replica.
    Waiting,
    /// How full the cache is: taken as the share of the capacity in use.
    Usage,
    /// Requests finished since the replica started.
    Finished,
    /// A column of the trace: the sum over all replicas, shared evenly.
    Column(usize),
    /// A column of the trace: what each replica reports.
    EachColumn(usize),
}

impl Signal {
    /// What a metric of vLLM shows, as far as requests in flight tell it.
    #[must_use]
    pub fn of_vllm(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("vllm:")? {
            "num_requests_running" => Self::Running,
            "num_requests_waiting" => Self::Waiting,
            "kv_cache_usage_perc" | "gpu_cache_usage_perc" => Self::Usage,
            "request_success_total"
            | "e2e_request_latency_seconds_count"
            | "request_queue_time_seconds_count"
            | "request_inference_time_seconds_count"
            | "request_prefill_time_seconds_count"
            | "request_decode_time_seconds_count"
            | "time_to_first_token_seconds_count"
            | "request_generation_tokens_count"
            | "request_prompt_tokens_count" => Self::Finished,
            _ => return None,
        })
    }
}

/// How a trigger's metric is fed and folded.
#[derive(Debug, Clone)]
struct Feed {
    signal: Option<Signal>,
    operation: Operation,
    aggregation: Aggregation,
    /// Series arrive and the query contradicts their labels.
    contradicted: bool,
    /// Somebody has pushed it.
    known: bool,
    /// The series of pods that are gone, which count until they are stale.
    ghosts: Vec<Series>,
}

#[derive(Debug, Clone)]
struct Pod {
    ready_at: i64,
    next_scrape: i64,
    last_scrape: i64,
    finished: f64,
    series: Vec<Option<Series>>,
}

/// The replicas of a service, youngest last. The youngest go first, as a ReplicaSet does with pods that are not ready
/// or have been ready for the shortest time; one that goes is gone at once.
#[derive(Debug, Clone)]
pub struct Fleet<'a> {
    load: &'a Load,
    replica: &'a Replica,
    interval: i64,
    request_time: f64,
    retention: i64,
    feeds: Vec<Feed>,
    pods: Vec<Pod>,
    ready: usize,
    /// When something next happens by itself.
    next: i64,
}

impl<'a> Fleet<'a> {
    /// The replicas of a scenario at its beginning. `signals` says what each trigger's metric shows; `None` for one
    /// that is never pushed.
    #[must_use]
    pub fn new(scenario: &'a Scenario, signals: &[Option<Signal>], load: &'a Load) -> Self {
        let triggers = scenario
            .keda()
            .map_or(&[][..], |keda| keda.triggers.as_slice());
        let constants = &scenario.constants;
        let signal = |index: usize| signals.get(index).copied().flatten();
        let mut fleet = Self {
            load,
            replica: &scenario.replica,
            interval: constants.scrape_interval,
            request_time: constants.request_time as f64,
            retention: constants.retention / 1000,
            feeds: triggers
                .iter()
                .enumerate()
                .map(|(index, trigger)| Feed::new(trigger, signal(index)))
                .collect(),
            pods: Vec::new(),
            ready: 0,
            next: i64::MIN,
        };
        let ready_at = if scenario.replica.cold {
            scenario.replica.start_delay
        } else {
            0
        };
        for _ in 0..scenario.start.max(0) {
            fleet.start(0, ready_at);
        }
        fleet.advance(0);
        fleet
    }

    fn start(&mut self, now: i64, ready_at: i64) {
        // The sidecar runs from the pod's first second: its rhythm is the pod's, and the first scrape that finds the
        // engine is the first at or after the moment it is ready.
        let rounds = (ready_at - now + self.interval - 1).div_euclid(self.interval);
        self.pods.push(Pod {
            ready_at,
            next_scrape: now + rounds * self.interval,
            last_scrape: ready_at,
            finished: 0.0,
            series: vec![None; self.feeds.len()],
        });
    }

    /// Requests of the replica with that rank among the ready ones, of a total: all, and those in service.
    fn share(&self, rank: usize, total: f64) -> (f64, f64) {
        let ready = self.ready.max(1) as f64;
        let each = (total / ready).floor();
        let extra = total - each * ready;
        let own = each + f64::from(u8::from((rank as f64) < extra));
        (own, own.min(f64::from(self.replica.capacity)))
    }

    fn scrape(&mut self, rank: usize, total: f64, now: i64) {
        let (own, running) = self.share(rank, total);
        let ready = self.ready.max(1) as f64;
        let Some(pod) = self.pods.get_mut(rank) else {
            return;
        };
        pod.finished += running * (now - pod.last_scrape) as f64 / self.request_time;
        pod.last_scrape = now;
        pod.next_scrape = now + self.interval;
        let seconds = now.div_euclid(1000);
        let time = u32::try_from(seconds).unwrap_or(0);
        for (feed, series) in self.feeds.iter_mut().zip(&mut pod.series) {
            let Some(signal) = feed.signal else { continue };
            let value = match signal {
                Signal::Running => running,
                Signal::Waiting => own - running,
                Signal::Usage => running / f64::from(self.replica.capacity.max(1)),
                Signal::Finished => pod.finished.floor(),
                Signal::Column(column) => self.load.value(column, now) / ready,
                Signal::EachColumn(column) => self.load.value(column, now),
            };
            feed.known = true;
            match series {
                Some(series) => series.push(value, time, seconds),
                None => *series = Some(Series::new(value, time, self.retention)),
            }
        }
    }
}

impl Feed {
    fn new(trigger: &Trigger, signal: Option<Signal>) -> Self {
        let arrives = trigger.delivery == Delivery::Pods;
        Self {
            signal: signal.filter(|_| !matches!(trigger.delivery, Delivery::Never(_))),
            operation: trigger.operation,
            aggregation: trigger
                .query
                .as_ref()
                .map_or(Aggregation::Sum, |query| query.aggregation),
            contradicted: !arrives,
            known: false,
            ghosts: Vec::new(),
        }
    }
}

impl Workload for Fleet<'_> {
    fn next(&self) -> i64 {
        self.next
    }

    fn advance(&mut self, now: i64) {
        if now < self.next {
            return;
        }
        // Older pods are ready before younger ones: all take the same time.
        while self
            .pods
            .get(self.ready)
            .is_some_and(|pod| pod.ready_at <= now)
        {
            self.ready += 1;
        }
        let total = self.load.requests(now).round();
        for rank in 0..self.ready {
            if self
                .pods
                .get(rank)
                .is_some_and(|pod| pod.next_scrape <= now)
            {
                self.scrape(rank, total, now);
            }
        }
        let scrapes = self.pods.iter().take(self.ready).map(|pod| pod.next_scrape);
        let starts = self
            .pods
            .iter()
            .skip(self.ready)
            .take(1)
            .map(|pod| pod.ready_at);
        self.next = scrapes.chain(starts).min().unwrap_or(i64::MAX);
    }

    fn scale(&mut self, now: i64, replicas: i32) {
        let replicas = usize::try_from(replicas).unwrap_or(0);
        while self.pods.len() < replicas {
            self.start(now, now + self.replica.start_delay);
        }
        while self.pods.len() > replicas {
            let series = self.pods.pop().map(|pod| pod.series).unwrap_or_default();
            for (feed, series) in self.feeds.iter_mut().zip(series) {
                feed.ghosts
                    .retain(|ghost| !ghost.is_stale(now.div_euclid(1000)));
                feed.ghosts.extend(series);
            }
        }
        self.ready = self.ready.min(self.pods.len());
        self.next = i64::MIN;
        self.advance(now);
    }

    fn pods(&self) -> (i32, i32) {
        let count = |pods: usize| i32::try_from(pods).unwrap_or(i32::MAX);
        (count(self.pods.len()), count(self.ready))
    }

    fn ask(&mut self, trigger: usize, now: i64) -> Option<f64> {
        let feed = self.feeds.get(trigger).filter(|feed| feed.known)?;
        if feed.contradicted {
            return Some(0.0);
        }
        let seconds = now.div_euclid(1000);
        let living = self
            .pods
            .iter()
            .filter_map(|pod| pod.series.get(trigger)?.as_ref());
        let numbers = living
            .chain(&feed.ghosts)
            .filter(|series| !series.is_stale(seconds))
            .filter_map(|series| series.number(feed.operation));
        Some(feed.aggregation.fold(numbers))
    }

    fn requests(&self, now: i64) -> Requests {
        let total = self.load.requests(now).round();
        let running = if self.ready == 0 {
            0.0
        } else {
            // An even split fills every replica up to its capacity.
            total.min(self.ready as f64 * f64::from(self.replica.capacity))
        };
        Requests {
            total,
            running,
            waiting: total - running,
        }
    }
}
