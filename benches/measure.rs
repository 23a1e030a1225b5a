//! Times a whole process: `measure RUNS COMMAND [ARGUMENT...]` runs it so often and prints one line: the median of its
//! elapsed seconds, the median of its CPU seconds (user and system), and its peak memory in kilobytes (of the largest
//! run). What it prints is thrown away; it must succeed.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [runs, program, arguments @ ..] = arguments.as_slice() else {
        return Err(io::Error::other("usage: measure RUNS COMMAND [ARGUMENT...]"));
    };
    let runs: usize = runs.parse().map_err(io::Error::other)?;
    let (mut elapsed, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        let (start, before) = (Instant::now(), children()?);
        let mut command = Command::new(program);
        let status = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{program}: {status}")));
        }
        elapsed.push(start.elapsed());
        cpu.push(used(&children()?) - used(&before));
    }
    let peak = children()?.max_rss();
    println!("{:.4} {:.4} {peak}", median(elapsed).as_secs_f64(), median(cpu).as_secs_f64());
    Ok(())
}

fn children() -> io::Result<Usage> {
    Ok(getrusage(UsageWho::RUSAGE_CHILDREN)?)
}

fn used(usage: &Usage) -> Duration {
    let duration = |time: TimeVal| {
        let seconds = u64::try_from(time.tv_sec()).unwrap_or_default();
        let micros = u64::try_from(time.tv_usec()).unwrap_or_default();
        Duration::from_secs(seconds) + Duration::from_micros(micros)
    };
    duration(usage.user_time()) + duration(usage.system_time())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
