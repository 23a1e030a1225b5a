//! The binary: argv in, exit code out.

fn main() -> std::process::ExitCode {
    aimctl::cli::main()
}
