//! `cargo xtask assurance`: docs/assurance.md, from the tests of the tree and the records of runs.

mod catalogue;
mod dependencies;
mod page;
mod record;
mod run;

use std::{fs, process::ExitCode};

use xtask::{Result, args::Args, print, workspace::Workspace};

fn main() -> ExitCode {
    xtask::main(&[("assurance", run)])
}

fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let check = args.flag("--check");
    let wanted = args.value::<String>("--record")?;
    let seconds = args.value::<u64>("--seconds")?.unwrap_or(60);
    args.words(0)?;
    let workspace = Workspace::read()?;
    if let Some(wanted) = wanted {
        let record = run::record(&wanted, seconds, &workspace)?;
        record.save(&workspace)?;
        print(&record.table())?;
    }
    let path = workspace.root.join("docs/assurance.md");
    let page = page::write(&workspace)?;
    if !check {
        return Ok(fs::write(path, page)?);
    }
    if fs::read_to_string(path)? == page {
        Ok(())
    } else {
        Err("docs/assurance.md is not what `cargo xtask assurance` writes".into())
    }
}
