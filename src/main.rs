//! The binary: argv in, exit code out.

/// Planning makes and drops many small objects, and musl's own allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    aimctl::cli::main()
}
