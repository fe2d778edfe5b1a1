//! The other implementations: where they come from and how to ask them.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use xtask::{Result, args::Usage, process, workspace::Workspace};

/// Where an implementation comes from, and so how it is installed and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Npm,
    Pypi,
    CratesIo,
    /// A command of the system, which a program in Python drives.
    Command,
}

/// One implementation, as `tests/interop/peers.json` has it.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) name: String,
    origin: Origin,
    program: String,
    /// What it does not do, each with the reason.
    pub(super) lacks: BTreeMap<String, String>,
    /// The least number of checks (none of them skipped) when it reads and when it writes.
    pub(super) least: [u64; 2],
}

/// What pip installs, and what it has installed.
const REQUIREMENTS: &str = "requirements.txt";

/// The folder of everything that is installed.
pub(super) fn scratch(workspace: &Workspace) -> PathBuf {
    workspace.target.join("interop")
}

/// Every peer of the table, in its order.
pub(super) fn load(folder: &Path) -> Result<Vec<Peer>> {
    let text = fs::read_to_string(folder.join("peers.json"))?;
    let peers: Value = serde_json::from_str(&text)?;
    peers.as_array().ok_or("peers.json is no list")?.iter().map(Peer::new).collect()
}

/// Those of the names; all where there is no name.
pub(super) fn select(mut peers: Vec<Peer>, names: &[String]) -> Result<Vec<Peer>> {
    if let Some(name) = names.iter().find(|name| peers.iter().all(|peer| peer.name != **name)) {
        let known: Vec<_> = peers.iter().map(|peer| peer.name.as_str()).collect();
        return Err(Usage(format!("no implementation {name:?}: there are {}", known.join(", "))).into());
    }
    peers.retain(|peer| names.is_empty() || names.contains(&peer.name));
    Ok(peers)
}

impl Peer {
    fn new(value: &Value) -> Result<Self> {
        let text = |name: &str| {
            value[name].as_str().map(str::to_owned).ok_or_else(|| format!("a peer without {name:?}"))
        };
        let least = |name: &str| value["least"][name].as_u64().ok_or_else(|| format!("no least {name:?}"));
        let origin = match text("origin")?.as_str() {
            "npm" => Origin::Npm,
            "PyPI" => Origin::Pypi,
            "crates.io" => Origin::CratesIo,
            "command" => Origin::Command,
            other => return Err(format!("no origin {other:?}").into()),
        };
        let mut lacks = BTreeMap::new();
        for (reason, needs) in value["lacks"].as_object().into_iter().flatten() {
            for need in needs.as_array().into_iter().flatten().filter_map(Value::as_str) {
                lacks.insert(need.to_owned(), reason.to_owned());
            }
        }
        Ok(Self {
            name: text("name")?,
            origin,
            program: text("program")?,
            lacks,
            least: [least("reads")?, least("writes")?],
        })
    }

    /// Puts it into the scratch folder.
    pub(super) fn install(&self, workspace: &Workspace) -> Result {
        let (source, home) = (self.source(workspace), self.home(workspace));
        match self.origin {
            Origin::Npm => {
                if same(&source, &home, "package-lock.json") && home.join("node_modules").is_dir() {
                    return Ok(());
                }
                fs::create_dir_all(&home)?;
                for name in ["package.json", "package-lock.json"] {
                    fs::copy(source.join(name), home.join(name))?;
                }
                let mut npm = Command::new("npm");
                npm.args(["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]);
                process::quietly(npm.current_dir(&home))
            }
            Origin::Pypi => {
                if same(&source, &home, REQUIREMENTS) {
                    return Ok(());
                }
                fs::create_dir_all(&home)?;
                let mut pip = Command::new("python3");
                pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
                pip.args(["--root-user-action", "ignore", "--upgrade", "--target"]).arg(&home);
                process::quietly(pip.arg("--requirement").arg(source.join(REQUIREMENTS)))?;
                // Last: it says that the rest is there.
                fs::copy(source.join(REQUIREMENTS), home.join(REQUIREMENTS))?;
                Ok(())
            }
            Origin::CratesIo => {
                let mut build = workspace.cargo(&["build", "--locked", "--quiet", "--target-dir"]);
                build.arg(&home).arg("--manifest-path").arg(source.join("Cargo.toml"));
                process::quietly(&mut build)
            }
            Origin::Command if self.is_there(workspace) => Ok(()),
            Origin::Command => Err("jose is a package of the system: `apt-get install jose`".into()),
        }
    }

    /// Whether it can be asked.
    pub(super) fn is_there(&self, workspace: &Workspace) -> bool {
        let home = self.home(workspace);
        match self.origin {
            Origin::Npm => home.join("node_modules").is_dir(),
            Origin::Pypi => home.join(REQUIREMENTS).is_file(),
            Origin::CratesIo => home.join("debug").join(&self.program).is_file(),
            Origin::Command => {
                let path = env::var_os("PATH").unwrap_or_default();
                env::split_paths(&path).any(|folder| folder.join("jose").is_file())
            }
        }
    }

    /// The program that stands before the implementation.
    pub(super) fn command(&self, workspace: &Workspace) -> Result<Command> {
        let (source, home) = (self.source(workspace), self.home(workspace));
        Ok(match self.origin {
            Origin::Npm => {
                // A module looks for packages beside itself only.
                for entry in fs::read_dir(&source)? {
                    let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
                    if path.extension().is_some_and(|extension| extension == "mjs") {
                        fs::copy(path, home.join(name))?;
                    }
                }
                let mut node = Command::new("node");
                node.arg(home.join(&self.program));
                node
            }
            Origin::Pypi | Origin::Command => {
                let mut python = Command::new("python3");
                python.arg(source.join(&self.program)).env("PYTHONDONTWRITEBYTECODE", "1");
                python.env("PYTHONPATH", home);
                python
            }
            Origin::CratesIo => Command::new(home.join("debug").join(&self.program)),
        })
    }

    fn source(&self, workspace: &Workspace) -> PathBuf {
        workspace.root.join("tests/interop").join(self.folder())
    }

    fn home(&self, workspace: &Workspace) -> PathBuf {
        scratch(workspace).join(self.folder())
    }

    /// The folder of the programs in its language, in both places.
    fn folder(&self) -> &'static str {
        match self.origin {
            Origin::Npm => "node",
            Origin::Pypi | Origin::Command => "python",
            Origin::CratesIo => "rust",
        }
    }
}

/// Whether the file in both folders is the same.
fn same(a: &Path, b: &Path, name: &str) -> bool {
    matches!((fs::read(a.join(name)), fs::read(b.join(name))), (Ok(a), Ok(b)) if a == b)
}
