//! Building for a target that the machine may have no standard library of.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, process};

/// The compiler and the sources of its standard library as Debian packages them, of one version: `rustc-web` and
/// `rust-web-src`.
const RUSTC: &str = "/usr/bin/rustc";
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library/Cargo.toml";

/// How to build for one target.
pub struct Cross {
    target: &'static str,
    /// The linker that comes with the toolchain, for the targets that no system's own knows.
    linker: Option<PathBuf>,
    /// The parts of the standard library to build first, where the target is not installed.
    build_std: Option<&'static str>,
}

impl Cross {
    /// The installed target (`rustup target add`), or a standard library built on the way, of `parts`:
    /// `core,alloc`, `std,panic_abort`, or `std,panic_unwind,test` for tests.
    pub fn find(target: &'static str, parts: &'static str) -> Result<Self> {
        let libraries = print(&["--target", target, "target-libdir"])?;
        let installed = fs::read_dir(libraries).is_ok_and(|mut files| files.next().is_some());
        let buildable = Path::new(RUSTC).is_file() && Path::new(SOURCES).is_file();
        if !installed && !buildable {
            return Err(format!(
                "{target} is not installed: `rustup target add {target}`, or where that has none, Debian's \
                 rustc-web and rust-web-src"
            )
            .into());
        }
        let linker = if target.contains("-linux-") {
            // `cc` knows where the C library is.
            None
        } else {
            let host = print(&["host-tuple"])?;
            Some(PathBuf::from(print(&["sysroot"])?).join(format!("lib/rustlib/{host}/bin/rust-lld")))
        };
        Ok(Self { target, linker, build_std: (!installed).then_some(parts) })
    }

    /// The compiler's name and version, and where what is not built here comes from.
    pub fn compiler(&self) -> Result<String> {
        let (rustc, library) = match self.build_std {
            Some(_) => (RUSTC, "core built from source"),
            None => ("rustc", "core as distributed"),
        };
        let version = String::from_utf8(process::output(Command::new(rustc).arg("--version"))?)?;
        let version = version.split(" (").next().unwrap_or_default().trim_end();
        Ok(format!("{version}, {library}"))
    }

    /// `cargo SUBCOMMAND ARGS` for the target.
    pub fn cargo(&self, subcommand: &str, args: &[&str]) -> Command {
        let mut command = Command::new(process::cargo());
        command.args([subcommand, "--target", self.target]);
        if let Some(linker) = &self.linker {
            let variable = self.target.to_uppercase().replace('-', "_");
            command.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
        }
        if let Some(parts) = self.build_std {
            // `-Zbuild-std` wants a compiler that lets itself be told so.
            command.arg(format!("-Zbuild-std={parts}")).env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
        }
        command.args(args);
        command
    }
}

/// What the toolchain's own compiler prints of itself.
fn print(args: &[&str]) -> Result<String> {
    let (what, options) = args.split_last().ok_or("nothing to print")?;
    let mut rustc = Command::new("rustc");
    rustc.args(options).args(["--print", what]);
    Ok(String::from_utf8(process::output(&mut rustc)?)?.trim().to_owned())
}
