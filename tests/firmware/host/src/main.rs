//! `cargo xtask embedded`: firmware without a heap, built, run in QEMU, checked and measured.

mod emulator;
mod image;
mod judge;
mod table;
mod task;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use serde_json::Value;

use image::Image;
use judge::Judge;
use task::{TASKS, Task};
use xtask::{Result, args::Args, cross::Cross, print, process, workspace::Workspace};

const TARGET: &str = "thumbv7em-none-eabihf";

/// What the library may add to a task, in bytes.
struct Budget {
    task: &'static str,
    flash: u64,
    stack: u64,
}

const BUDGET: Budget = Budget { task: "sign-es256", flash: 8 * 1024, stack: 1024 };

/// The program that all tasks but it are parts of, and the one that panics.
const EVERYTHING: &str = "everything";
const PANICS: &str = "panics";

/// What a program takes, in bytes.
#[derive(Clone, Copy)]
struct Size {
    /// What is stored: code, constants, and the first values of variables.
    flash: u64,
    /// Variables, whatever their first values.
    ram: u64,
    /// The deepest that the stack was.
    stack: u64,
}

/// A task, measured with the library and without.
struct Row {
    task: &'static Task,
    library: Size,
    primitives: Size,
}

fn main() -> ExitCode {
    xtask::main(&[("embedded", run)])
}

fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let json = args.flag("--json");
    args.words(0)?;
    let firmware = Firmware::new()?;
    firmware.lint()?;
    firmware.no_panics()?;
    let programs = firmware.build(&["--bins"])?;
    let judge = Judge::new(&firmware.folder)?;
    judge.messages()?;
    let rows =
        TASKS.iter().map(|task| firmware.measure(task, &programs, &judge)).collect::<Result<Vec<_>>>()?;
    no_formatting(&programs)?;
    let compiler = firmware.cross.compiler()?;
    print(&if json { table::json(&rows, &compiler)? } else { table::text(&rows, &compiler) })?;
    budget(&rows)?;
    let note =
        table::compare(&rows, &compiler, &fs::read_to_string(firmware.workspace.root.join(table::PAGE))?)?;
    if json { Ok(()) } else { print(&note) }
}

/// The firmware's workspace.
struct Firmware {
    workspace: Workspace,
    cross: Cross,
    /// Where it is built.
    folder: PathBuf,
}

impl Firmware {
    fn new() -> Result<Self> {
        let workspace = Workspace::read()?;
        let folder = workspace.target.join("firmware");
        Ok(Self { workspace, cross: Cross::find(TARGET, "core")?, folder })
    }

    fn place(&self, command: &mut Command) {
        command
            .args(["--locked", "--manifest-path", "tests/firmware/Cargo.toml"])
            .current_dir(&self.workspace.root);
        command.arg("--target-dir").arg(&self.folder);
    }

    /// For the host, whose compiler has the lints; nothing is linked.
    fn lint(&self) -> Result {
        let mut clippy = self.workspace.cargo(&["clippy", "--quiet", "--lib", "--bins", "--all-features"]);
        self.place(&mut clippy);
        process::quietly(clippy.args(["--", "-D", "warnings"]))
    }

    /// The programs by their names. That they link is the proof that they have no heap: without a global allocator
    /// nothing that needs one does.
    fn build(&self, args: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
        let mut build =
            self.cross.cargo("build", &["--release", "--message-format", "json-render-diagnostics"]);
        self.place(&mut build);
        let messages = String::from_utf8(process::output(build.args(args))?)?;
        let mut programs = BTreeMap::new();
        for line in messages.lines() {
            let message: Value = serde_json::from_str(line)?;
            if let (Some(name), Some(path)) =
                (message["target"]["name"].as_str(), message["executable"].as_str())
            {
                programs.insert(name.to_owned(), PathBuf::from(path));
            }
        }
        Ok(programs)
    }

    /// A panic that the compiler did not find impossible says in which source file it is, where somebody reads that.
    /// In this build somebody does, and none is in a file of ours.
    fn no_panics(&self) -> Result {
        let programs = self.build(&["--features", "locations", "--bin", EVERYTHING, "--bin", PANICS])?;
        let (everything, panics) = (program(&programs, EVERYTHING)?, program(&programs, PANICS)?);
        let ours = |path: &Path| -> Result<(Vec<String>, usize)> {
            let sources = Image::read(path)?.sources();
            let (theirs, ours): (Vec<_>, Vec<_>) =
                sources.into_iter().partition(|source| source.contains("/registry/src/"));
            Ok((ours, theirs.len()))
        };
        let (found, theirs) = ours(everything)?;
        if !found.is_empty() {
            return Err(format!("code that can panic, in {}", found.join(", ")).into());
        }
        // The same search sees those of RustCrypto, and the one that was made for it.
        if theirs == 0 || !ours(panics)?.0.iter().any(|source| source.ends_with("src/bin/panics.rs")) {
            return Err("the search for code that can panic finds none where there is some".into());
        }
        let (success, output) = emulator::run(panics)?;
        if success || output.trim_end() != "panic src/bin/panics.rs" {
            return Err(format!("a program that panics ends well, or says {output:?}").into());
        }
        Ok(())
    }

    fn measure(
        &self,
        task: &'static Task,
        programs: &BTreeMap<String, PathBuf>,
        judge: &Judge,
    ) -> Result<Row> {
        let measure = |name: &str, lines: &[task::Line]| -> Result<Size> {
            let path = program(programs, name)?;
            let image = Image::read(path)?;
            if image.holds("jose_")? != (name == task.name) {
                return Err(format!("{name}: with the library and without are not told apart").into());
            }
            let (success, output) = emulator::run(path)?;
            let stack = judge.output(lines, &output).map_err(|error| format!("{name}: {error}\n{output}"))?;
            if !success {
                return Err(format!("{name} failed, and said\n{output}").into());
            }
            Ok(Size { flash: image.flash(), ram: image.ram(), stack })
        };
        let (library, primitives) = task.lines();
        Ok(Row {
            task,
            library: measure(task.name, &library)?,
            primitives: measure(&format!("{}-primitives", task.name), &primitives)?,
        })
    }
}

fn program<'p>(programs: &'p BTreeMap<String, PathBuf>, name: &str) -> Result<&'p Path> {
    let path = programs.get(name).ok_or_else(|| format!("tests/firmware builds no {name}"))?;
    Ok(path)
}

/// No image holds the code that makes texts of values.
fn no_formatting(programs: &BTreeMap<String, PathBuf>) -> Result {
    const FORMATTING: &str = "core::fmt::";
    for (name, path) in programs {
        if Image::read(path)?.holds(FORMATTING)? {
            return Err(format!("{name} holds {FORMATTING}").into());
        }
    }
    // The same search finds it in a program that has it: this one.
    if Image::read(&std::env::current_exe()?)?.holds(FORMATTING)? {
        Ok(())
    } else {
        Err("the search for formatting finds none where there is some".into())
    }
}

fn budget(rows: &[Row]) -> Result {
    let row = rows.iter().find(|row| row.task.name == BUDGET.task).ok_or("the budget is of no task")?;
    let flash = row.library.flash.saturating_sub(row.primitives.flash);
    let stack = row.library.stack.saturating_sub(row.primitives.stack);
    if flash > BUDGET.flash || stack > BUDGET.stack {
        return Err(format!(
            "{}: the library adds {flash} bytes of flash and {stack} of stack; {} and {} are allowed",
            BUDGET.task, BUDGET.flash, BUDGET.stack
        )
        .into());
    }
    Ok(())
}
