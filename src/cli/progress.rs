//! How far a long run is: on standard error, only on a terminal, only when it takes over a second.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// So long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar, or a spinner where the amount of work is not known. It goes away when it is dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Nothing is ever shown.
    #[must_use]
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            waiting: None,
        }
    }

    /// For work of so many steps, 0 for one that cannot be counted.
    #[must_use]
    pub fn on_terminal(what: &'static str, steps: u64) -> Self {
        Self::after(PATIENCE, what, steps, ProgressDrawTarget::stderr)
    }

    fn after(
        patience: Duration,
        what: &'static str,
        steps: u64,
        target: impl FnOnce() -> ProgressDrawTarget + Send + 'static,
    ) -> Self {
        let bar = ProgressBar::hidden();
        let shown = bar.clone();
        let (end, ended) = mpsc::channel();
        let waiter = thread::spawn(move || {
            if ended.recv_timeout(patience) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let template = if steps == 0 {
                "{spinner} {msg} {elapsed}"
            } else {
                shown.set_length(steps);
                "{msg} {wide_bar} {pos}/{len} {eta}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                shown.set_style(style);
            }
            shown.set_message(what);
            shown.set_draw_target(target());
            shown.enable_steady_tick(Duration::from_millis(100));
        });
        Self {
            bar,
            waiting: Some((end, waiter)),
        }
    }

    /// One step is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, waiter)) = self.waiting.take() {
            drop(end);
            // It has ended, or ends now.
            let _ = waiter.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// A short run never asks for the terminal; a long one does.
    #[test]
    fn only_long_work_is_shown() {
        for (patience, long) in [(Duration::from_secs(3600), false), (Duration::ZERO, true)] {
            let asked = Arc::new(AtomicBool::new(false));
            let target = Arc::clone(&asked);
            let (seen, see) = mpsc::channel();
            let progress = Progress::after(patience, "reading", 3, move || {
                target.store(true, Ordering::SeqCst);
                let _ = seen.send(());
                ProgressDrawTarget::hidden()
            });
            if long {
                let _ = see.recv();
            }
            progress.step();
            drop(progress);
            assert_eq!(asked.load(Ordering::SeqCst), long);
        }
    }
}
