//! `cargo xtask no-heap`: a program without an allocator.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use xtask::{Result, args::Args, print, process, workspace::Workspace};

/// What the image of a program with a heap holds, as parts of symbol names.
const ALLOCATORS: [&str; 8] = [
    "__rust_alloc",
    "__rust_realloc",
    "__rust_dealloc",
    "__rust_no_alloc_shim_is_unstable",
    "malloc",
    "calloc",
    "realloc",
    "posix_memalign",
];

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    process::run(cargo(&workspace, &["clippy"]).args(["--", "-D", "warnings"]))?;
    let program = build(&workspace)?;
    no_allocator(&program)?;
    // Its exit status says which of its checks failed.
    process::run(&mut Command::new(&program))?;
    print(&format!("{} runs, {} octets, no allocator\n", program.display(), fs::metadata(&program)?.len()))
}

fn cargo(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = workspace.cargo(args);
    command.args(["--locked", "--manifest-path", "tests/no-heap/Cargo.toml"]);
    command.arg("--target-dir").arg(workspace.target.join("no-heap"));
    command
}

/// That it links is the first half of the proof: without a global allocator nothing that needs one does.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let mut build = cargo(workspace, &["build", "--release", "--message-format", "json-render-diagnostics"]);
    let messages = String::from_utf8(process::output(&mut build)?)?;
    let executable = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.ok_or_else(|| "tests/no-heap builds no program".into())
}

fn no_allocator(program: &Path) -> Result {
    let found = symbols(&fs::read(program)?)?;
    if !found.is_empty() {
        return Err(format!("{} holds {}", program.display(), found.join(", ")).into());
    }
    // The same search must see the allocator of a program that has one: this one.
    if symbols(&fs::read(env::current_exe()?)?)?.is_empty() {
        return Err("the search for allocator symbols finds none where there are some".into());
    }
    Ok(())
}

/// The allocator's symbols in an image.
fn symbols(image: &[u8]) -> Result<Vec<&'static str>> {
    let holds = |name: &[u8]| image.windows(name.len()).any(|window| window == name);
    if !holds(b"\0main\0") {
        return Err("the image has no symbol table".into());
    }
    Ok(ALLOCATORS.into_iter().filter(|name| holds(name.as_bytes())).collect())
}
