//! `cargo xtask api`: the public items of the libraries, as rustdoc lists them, against the reviewed list.

use std::{
    collections::BTreeSet,
    env, fs,
    path::PathBuf,
    process::{Command, ExitCode},
};

use serde_json::Value;

use xtask::{Result, args::Args, print, process, workspace::Workspace};

/// The version of rustdoc's JSON that this reads: that of Rust 1.95.
const FORMAT: u64 = 57;

/// What is listed, but not counted among a crate's own items.
const RE_EXPORT: &str = "use";

/// The reviewed list of a crate.
fn list(workspace: &Workspace, krate: &str) -> PathBuf {
    workspace.root.join("tests/api").join(krate).with_extension("txt")
}

/// How many items of the reviewed list are the crate's own.
pub(crate) fn reviewed(workspace: &Workspace, krate: &str) -> Result<usize> {
    let list = fs::read_to_string(list(workspace, krate))?;
    Ok(list.lines().filter(|line| line.split(' ').next() != Some(RE_EXPORT)).count())
}

/// Set where this program is called in the place of rustdoc.
const AS_RUSTDOC: &str = "JOSE_SURFACE_AS_RUSTDOC";

/// What rustdoc says with its unstable options, if cargo called this program in its place.
pub(crate) fn as_rustdoc() -> Option<ExitCode> {
    env::var_os(AS_RUSTDOC)?;
    let mut rustdoc = Command::new("rustdoc");
    let status = rustdoc.args(env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status();
    Some(if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let bless = args.flag("--bless");
    args.words(0)?;
    let workspace = Workspace::read()?;
    let mut differing = Vec::new();
    // A crate that is a command alone has no items that others can name.
    let has_items = |name: &str| workspace.root.join("crates").join(name).join("src/lib.rs").is_file();
    Surface::document(&workspace)?;
    for krate in workspace.crates.iter().filter(|krate| has_items(&krate.name)) {
        let lines = Surface::read(&workspace, &krate.name)?.lines.into_iter();
        let text: String = lines.map(|(kind, item)| format!("{kind} {item}\n")).collect();
        let path = list(&workspace, &krate.name);
        if bless {
            fs::write(&path, text)?;
            continue;
        }
        let reviewed = fs::read_to_string(&path).unwrap_or_default();
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = (reviewed.lines().collect(), text.lines().collect());
        let gone = old.difference(&new).map(|line| format!("- {line}\n"));
        let diff: String = gone.chain(new.difference(&old).map(|line| format!("+ {line}\n"))).collect();
        if !diff.is_empty() {
            print(&format!("{}\n{diff}", path.display()))?;
            differing.push(krate.name.as_str());
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    let differing = differing.join(", ");
    Err(format!("another public surface than reviewed: {differing}; `cargo xtask api --bless` accepts it")
        .into())
}

/// The items that a crate's users can name, with all features: modules (the crate's root among them), types, traits and
/// what is in them, constants, functions, macros, variants and public fields. Items that are hidden in the documentation
/// are no part of it, nor are implementations of traits.
struct Surface {
    /// The kind of each item, and its path; after a function's, its signature.
    lines: BTreeSet<(String, String)>,
    index: Value,
    root: PathBuf,
}

impl Surface {
    /// Has rustdoc write what [`read`](Self::read) reads.
    fn document(workspace: &Workspace) -> Result {
        let mut doc = workspace.cargo(&["doc", "--quiet", "--locked", "--workspace", "--no-deps", "--lib"]);
        // As in the check of the documentation: with the features, and so the dependencies, that clippy has checked already.
        doc.args(["--example", "quickstart"]);
        doc.env("RUSTDOCFLAGS", "-Zunstable-options --output-format json");
        // The compiler itself is not to be an unstable one: build scripts would be run anew, and all that depends on them.
        process::quietly(doc.env("RUSTDOC", env::current_exe()?).env(AS_RUSTDOC, "1"))
    }

    fn read(workspace: &Workspace, krate: &str) -> Result<Self> {
        let name = krate.replace('-', "_");
        let text = fs::read(workspace.target.join("doc").join(&name).with_extension("json"))?;
        let mut json: Value = serde_json::from_slice(&text)?;
        if json["format_version"] != FORMAT {
            return Err(format!(
                "rustdoc writes version {} of its JSON, not {FORMAT}",
                json["format_version"]
            )
            .into());
        }
        let (lines, root) = (BTreeSet::new(), workspace.root.clone());
        let mut surface = Self { lines, index: json["index"].take(), root };
        surface.item(&json["root"], "", None);
        Ok(surface)
    }

    /// Lists an item and what is in it, under the name that it is exported by.
    fn item(&mut self, id: &Value, parent: &str, name: Option<&str>) {
        let item = self.index[id.to_string()].clone();
        let Some((kind, inner)) = item["inner"].as_object().and_then(|inner| inner.iter().next()) else {
            return;
        };
        let name = name.or(item["name"].as_str()).unwrap_or_default();
        let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}::{name}") };
        let children: &[&Value] = match kind.as_str() {
            "use" => return self.re_export(inner, parent),
            "module" | "trait" => &[&inner["items"]],
            "enum" => &[&inner["variants"], &inner["impls"]],
            "struct" | "union" => {
                &[&inner["kind"]["plain"]["fields"], &inner["kind"]["tuple"], &inner["impls"]]
            }
            "impl" if !inner["trait"].is_null() => return,
            "impl" => &[&inner["items"]],
            _ => &[],
        };
        let path = if kind == "impl" { parent.to_owned() } else { path };
        if kind == "function" {
            let is = |name: &str, word| if inner["header"][name] == true { word } else { "" };
            let kind = format!("{}{}fn", is("is_const", "const "), is("is_async", "async "));
            let signature = self.signature(&item["span"], name).unwrap_or_default();
            self.lines.insert((kind, path.clone() + &signature));
        } else if kind != "impl" {
            self.lines.insert((kind.clone(), path.clone()));
        }
        for child in children.iter().filter_map(|children| children.as_array()).flatten() {
            self.item(child, &path, None);
        }
    }

    fn re_export(&mut self, inner: &Value, parent: &str) {
        let target = self.index[inner["id"].to_string()].clone();
        if target["crate_id"] != 0 {
            let line = format!("{parent}::{} = {}", text(&inner["name"]), text(&inner["source"]));
            self.lines.insert((RE_EXPORT.to_owned(), line));
        } else if inner["is_glob"] == true {
            let of = |kind: &str, items: &str| {
                target["inner"][kind][items].as_array().cloned().unwrap_or_default()
            };
            let items = of("module", "items").into_iter().chain(of("enum", "variants"));
            items.for_each(|item| self.item(&item, parent, None));
        } else {
            self.item(&inner["id"], parent, inner["name"].as_str());
        }
    }

    /// What is written after a function's name, where no macro wrote it.
    fn signature(&self, span: &Value, name: &str) -> Option<String> {
        let source = fs::read_to_string(self.root.join(span["filename"].as_str()?)).ok()?;
        let first = usize::try_from(span["begin"][0].as_u64()?).ok()?;
        let lines: Vec<_> = source.lines().skip(first.checked_sub(1)?).map(str::trim).collect();
        let (_, after) = lines.first()?.split_once(&format!("fn {name}"))?;
        let text = [&[after], &lines[1..]].concat().join(" ");
        let end = text.find(" {").into_iter().chain(text.find("; ")).min()?;
        Some(text[..end].replace("( ", "(").replace(", )", ")"))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
