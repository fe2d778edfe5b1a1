//! `cargo xtask budget`: how large the sources and their surface may be.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use xtask::{Result, args::Args, print, process, workspace::Workspace};

use crate::{imports, surface};

/// What is measured, and the most that it may be: about what there is now. A limit goes down, unless a
/// capability that the changelog lists needs room.
type Budget = (&'static str, usize, fn(&Sources) -> Result<Found>);

const BUDGETS: [Budget; 8] = [
    ("lines in the six crates' src", 27_360, |sources| Ok(lines(sources.of(is_tier)))),
    ("lines in crates/jose-jws/src", 6_700, |sources| {
        Ok(lines(sources.of(|path| has(path, "src") && has(path, "jose-jws"))))
    }),
    ("lines with a cfg of a feature", 350, |sources| {
        let text = sources.of(is_tier).flat_map(|(_, text)| text.lines());
        let is_one = |line: &&str| line.find("cfg").is_some_and(|at| line[at..].contains("feature ="));
        Ok(Found { count: text.filter(is_one).count(), names: Vec::new() })
    }),
    ("lines in xtask", 1_000, |sources| Ok(lines(sources.of(|path| has(path, "xtask"))))),
    ("circles of imports", 0, circles),
    ("files in crates over 400 lines", 0, |sources| {
        let long = sources.of(|path| has(path, "crates")).filter(|(_, text)| text.lines().count() > 400);
        Ok(long.map(|(path, _)| path.display().to_string()).collect::<Vec<_>>().into())
    }),
    ("public items", 1_507, public_items),
    ("features that `cargo test` lacks", 0, untested_features),
];

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let sources = Sources::read()?;
    let mut exceeded = 0;
    for (of, most, measure) in BUDGETS {
        let found = measure(&sources)?;
        let mark = if found.count > most { "  exceeded" } else { "" };
        exceeded += usize::from(found.count > most);
        let names: String = found.names.iter().map(|name| format!("    {name}\n")).collect();
        print(&format!("{of:<33} {:>6} of {most:>6}{mark}\n{names}", found.count))?;
    }
    if exceeded == 0 { Ok(()) } else { Err(format!("{exceeded} budgets exceeded").into()) }
}

/// How much there is of something, and what to look at.
struct Found {
    count: usize,
    names: Vec<String>,
}

impl From<Vec<String>> for Found {
    fn from(names: Vec<String>) -> Self {
        Self { count: names.len(), names }
    }
}

/// The Rust files of the libraries and of this program, by their paths below the root.
struct Sources {
    workspace: Workspace,
    files: Vec<(PathBuf, String)>,
}

impl Sources {
    fn read() -> Result<Self> {
        let workspace = Workspace::read()?;
        let mut open = vec![workspace.root.join("crates"), workspace.root.join("xtask")];
        let mut files = Vec::new();
        while let Some(path) = open.pop() {
            if path.is_dir() {
                let entries = fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path()));
                open.extend(entries.collect::<std::io::Result<Vec<_>>>()?);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.strip_prefix(&workspace.root)?.to_owned(), fs::read_to_string(&path)?));
            }
        }
        files.sort();
        Ok(Self { workspace, files })
    }

    fn of(&self, is_meant: impl Fn(&Path) -> bool) -> impl Iterator<Item = (&Path, &str)> {
        let files = self.files.iter().map(|(path, text)| (path.as_path(), text.as_str()));
        files.filter(move |(path, _)| is_meant(path))
    }
}

/// Whether the path has a folder of that name; with `src`, of the libraries.
fn has(path: &Path, folder: &str) -> bool {
    let mut folders = path.iter().take(3);
    folders.any(|name| name == folder) && (folder != "src" || path.starts_with("crates"))
}

/// The tiers above the six.
const ABOVE: [&str; 4] = ["jose-cli", "jose-remote", "jose-sd-jwt", "jose-test"];

/// Whether the path is a source of one of the six.
fn is_tier(path: &Path) -> bool {
    has(path, "src") && !ABOVE.iter().any(|above| has(path, above))
}

fn lines<'s>(files: impl Iterator<Item = (&'s Path, &'s str)>) -> Found {
    Found { count: files.map(|(_, text)| text.lines().count()).sum(), names: Vec::new() }
}

fn public_items(sources: &Sources) -> Result<Found> {
    let (mut count, mut names) = (0, Vec::new());
    for krate in sources
        .workspace
        .crates
        .iter()
        .filter(|krate| !krate.is_hosted && !ABOVE.contains(&krate.name.as_str()))
    {
        let items = surface::reviewed(&sources.workspace, &krate.name)?;
        names.push(format!("{}: {items}", krate.name));
        count += items;
    }
    Ok(Found { count, names })
}

/// The packages that `cargo test --workspace` builds with fewer features than there are.
fn untested_features(sources: &Sources) -> Result<Found> {
    let tree = |features: &[&str]| -> Result<BTreeSet<String>> {
        let mut tree =
            sources.workspace.cargo(&["tree", "--workspace", "--edges", "normal,dev", "--prefix", "none"]);
        let text = process::output(tree.args(["--format", "{p} {f}"]).args(features))?;
        Ok(String::from_utf8(text)?.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect())
    };
    let (all, usual) = (tree(&["--all-features"])?, tree(&[])?);
    Ok(all.difference(&usual).cloned().collect::<Vec<_>>().into())
}

fn circles(sources: &Sources) -> Result<Found> {
    let mut names = Vec::new();
    for krate in &sources.workspace.crates {
        let folder = Path::new("crates").join(&krate.name).join("src");
        let files = sources.of(|path| path.starts_with(&folder));
        let files = files.filter_map(|(path, text)| Some((path.strip_prefix(&folder).ok()?, text)));
        let circles = imports::circles(files);
        names.extend(circles.into_iter().map(|circle| format!("{}: {}", krate.name, circle.join(" ↔ "))));
    }
    Ok(names.into())
}
