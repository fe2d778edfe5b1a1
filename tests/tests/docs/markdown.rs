//! What the pages in Markdown promise: their programs run, their commands exist, their links lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// Folders that are not of this tree.
const FOREIGN: [&str; 4] = [".git", "node_modules", "target", "corpus"];

/// The files below a folder whose names have this ending.
fn below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !FOREIGN.contains(&name.as_str()) {
            below(&path, ending, found);
        } else if path.is_file() && name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// Each page with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    below(&root(), ".md", &mut found);
    assert!(found.len() > 30, "{} pages were found", found.len());
    found.into_iter().map(|page| (page.clone(), fs::read_to_string(page).unwrap())).collect()
}

/// The blocks of a page: their languages, and their lines.
fn blocks(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.trim_start().strip_prefix("```") {
            Some(language) if !inside => {
                blocks.push((language, Vec::new()));
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().unwrap().1.push(line),
            None => {}
        }
    }
    assert!(!inside, "a block does not end");
    blocks
}

/// The text of a page outside of its blocks.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// The pages whose programs run as doctests: a source file includes them.
fn included() -> BTreeSet<PathBuf> {
    let mut sources = Vec::new();
    for folder in ["crates", "tests"] {
        below(&root().join(folder), "lib.rs", &mut sources);
    }
    let mut pages = BTreeSet::new();
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        for path in text.split("doc = include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            pages.insert(source.parent().unwrap().join(path).canonicalize().unwrap());
        }
    }
    pages
}

/// What `cargo` has beside what these tests, `.ci/run` and `cargo xtask` run: tools for which there is a command here, which
/// says how they are called, and what a person does to release.
const OTHER: [&str; 6] = ["bench", "install", "llvm-cov", "mutants", "package", "publish"];

/// What is wrong with a command, if something is.
fn mistake(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let after =
        |flag: &str| words.iter().position(|word| *word == flag).and_then(|at| words.get(at + 1).copied());
    let root = root();
    let is_there = |path: &str| root.join(path).exists();
    let package = after("-p").or_else(|| after("--package"));
    let has_package = |name: &str| {
        let mut manifests = Vec::new();
        below(&root, "Cargo.toml", &mut manifests);
        manifests.iter().any(|path| fs::read_to_string(path).unwrap().contains(&format!("name = \"{name}\"")))
    };
    if let Some(name) = package.filter(|name| !has_package(name)) {
        return Some(format!("no package {name}"));
    }
    if let Some(path) = after("--path").or_else(|| after("--manifest-path")).filter(|path| !is_there(path)) {
        return Some(format!("no {path}"));
    }
    if let Some(name) = after("--example") {
        let mut examples = Vec::new();
        below(&root, &format!("{name}.rs"), &mut examples);
        if !examples.iter().any(|path| path.parent().unwrap().ends_with("examples")) {
            return Some(format!("no example {name}"));
        }
    }
    match words.as_slice() {
        ["cargo", "xtask"] => None,
        ["cargo", "xtask", name, ..] => {
            let commands = fs::read_to_string(root.join("xtask/src/lib.rs")).unwrap();
            (!commands.contains(&format!("\"{name}\","))).then(|| format!("no command {name}"))
        }
        ["cargo", "clippy" | "doc" | "fmt" | "run" | "test", ..] => None,
        ["cargo", other, ..] if OTHER.contains(other) => None,
        ["josec", name, ..] => {
            let page = fs::read_to_string(root.join("crates/jose-cli/README.md")).unwrap();
            (!page.contains(&format!("josec {name}"))).then(|| format!("josec's own page has no {name}"))
        }
        ["BLESS=1", rest @ ..] => mistake(&rest.join(" ")),
        [".ci/run"] => (!is_there(".ci/run")).then(|| "no .ci/run".to_owned()),
        _ => Some("nothing says that it runs".to_owned()),
    }
}

/// Features that a line of a manifest turns on, of crates of this workspace that do not have them.
fn unknown_features(line: &str) -> Vec<String> {
    let Some(name) = line.split(" = ").next().filter(|name| name.starts_with("jose-")) else {
        return Vec::new();
    };
    let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml"));
    let Ok(manifest) = manifest else { return vec![format!("no crate {name}")] };
    let listed =
        line.split("features = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let listed = listed.split(',').map(|name| name.trim().trim_matches('"')).filter(|name| !name.is_empty());
    let is_unknown = |feature: &&str| !manifest.contains(&format!("\n{feature} = ["));
    listed.filter(is_unknown).map(|feature| format!("{name} has no {feature}")).collect()
}

/// A line of an example that a page of the documentation would cut off: 95 characters are shown. A text that is compared as a
/// whole cannot be broken.
fn too_long<'a>(lines: &[&'a str]) -> Option<&'a str> {
    lines.iter().copied().find(|line| line.chars().count() > 95 && !line.contains("r#\""))
}

#[test]
fn lines_of_examples_fit_into_the_page() {
    let mut sources = Vec::new();
    below(&root().join("crates"), ".rs", &mut sources);
    let mut examples = 0;
    for source in sources.iter().filter(|path| path.iter().any(|part| part == "src")) {
        let text = fs::read_to_string(source).unwrap();
        let comments = text.lines().map(str::trim_start);
        let comments = comments.filter_map(|line| line.strip_prefix("///").or(line.strip_prefix("//!")));
        let comments: Vec<&str> = comments.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        for (language, lines) in blocks(&comments.join("\n")) {
            if language.is_empty() {
                assert_eq!(too_long(&lines), None, "{}", source.display());
                examples += 1;
            }
        }
    }
    assert!(examples > 60, "{examples} examples");
    assert_eq!(too_long(&["let a = 1;", &"x".repeat(96)]), Some("x".repeat(96).as_str()));
}

#[test]
fn each_block_runs_or_is_output() {
    let included = included();
    let (mut programs, mut commands) = (0, 0);
    for (page, text) in pages() {
        let name = page.display();
        for (language, lines) in blocks(&text) {
            match language {
                "rust" | "compile_fail" => {
                    assert!(
                        included.contains(&page.canonicalize().unwrap()),
                        "{name}: its programs do not run"
                    );
                    assert_eq!(too_long(&lines), None, "{name}");
                    programs += 1;
                }
                "sh" => {
                    for line in lines.iter().filter(|line| !line.is_empty()) {
                        let command = line.split(" #").next().unwrap();
                        assert_eq!(mistake(command), None, "{name}: {command}");
                        commands += 1;
                    }
                }
                "toml" => {
                    let unknown: Vec<_> = lines.iter().flat_map(|line| unknown_features(line)).collect();
                    assert!(unknown.is_empty(), "{name}: {unknown:?}");
                    // The names of four of them are another project's on crates.io.
                    let published =
                        lines.iter().find(|line| line.starts_with("jose-") && !line.contains("git = "));
                    assert_eq!(published, None, "{name}");
                }
                "json" => {
                    let json = serde_json::from_str::<serde_json::Value>(&lines.join("\n"));
                    assert!(json.is_ok(), "{name}: {json:?}");
                }
                // A recorded session.
                "console" => assert!(lines.iter().any(|line| line.starts_with("$ ")), "{name}: {lines:?}"),
                "text" => {}
                other => panic!("{name}: a block is {other:?}"),
            }
        }
    }
    assert!(programs > 60 && commands > 4, "{programs} programs, {commands} commands");
}

#[test]
fn each_command_that_is_named_exists() {
    let mut commands = 0;
    for (page, text) in pages() {
        let prose = prose(&text).replace('\n', " ");
        let spans = prose.split('`').skip(1).step_by(2);
        for span in spans.filter(|span| span.starts_with("cargo ") && !span.contains('<')) {
            assert_eq!(mistake(span), None, "{}: `{span}`", page.display());
            commands += 1;
        }
    }
    assert!(commands > 30, "{commands} commands were found");
}

#[test]
fn a_command_that_does_not_exist_is_noticed() {
    for command in [
        "cargo xtask vektors",
        "cargo run --example quickstar",
        "cargo run -p jose-jwz",
        "cargo install --path crates/josec",
        "cargo frobnicate",
        "josec frobnicate",
        "make",
    ] {
        assert!(mistake(command).is_some(), "{command}");
    }
    assert_eq!(
        unknown_features(r#"jose-jws = { path = "…", features = ["p256", "p255"] }"#),
        ["jose-jws has no p255"]
    );
    assert_eq!(unknown_features(r#"jose-jwz = "1""#), ["no crate jose-jwz"]);
}

/// The name by which a link reaches a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The targets of the links of a page, those of code excepted.
fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let ends = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ends.filter(|target| !target.contains("::") && !target.contains(' ')).map(str::to_owned).collect()
}

/// Why a link of a page leads nowhere in this tree, if it does not.
fn broken(page: &Path, target: &str) -> Option<&'static str> {
    if target.starts_with("https://") {
        return None;
    }
    let (path, heading) =
        target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
    let file = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
    if !file.exists() {
        return Some("no such file");
    }
    let heading = heading?;
    let file = if file.is_dir() { file.join("README.md") } else { file };
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut headings =
        prose(&text).lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    headings.retain(|line| anchor(line.trim_start_matches('#')) == heading);
    headings.is_empty().then_some("no such heading")
}

#[test]
fn each_link_leads_somewhere() {
    let mut found = 0;
    for (page, text) in pages() {
        for target in links(&text) {
            assert_eq!(broken(&page, &target), None, "{}: {target}", page.display());
            found += 1;
        }
    }
    assert!(found > 100, "{found} links were found");
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let page = root().join("README.md");
    assert_eq!(broken(&page, "SECURITY.md#limits"), None);
    assert_eq!(broken(&page, "crates/jose-jws#on-a-microcontroller"), None);
    assert_eq!(broken(&page, "SECURITY.md#limit"), Some("no such heading"));
    assert_eq!(broken(&page, "docs/cookery.md"), Some("no such file"));
    assert_eq!(links("a [b](c.md) and `[x]` [`d`](e#f)"), ["c.md", "e#f"]);
}

/// Whoever looks for a page finds it from the index, and the index from the README.
/// The table of the cookbook has each program that is in a folder of examples.
#[test]
fn each_example_is_in_the_cookbook() {
    let mut examples = Vec::new();
    for krate in fs::read_dir(root().join("crates")).unwrap() {
        let folder = krate.unwrap().path().join("examples");
        if folder.is_dir() {
            below(&folder, ".rs", &mut examples);
        }
    }
    assert!(examples.len() > 15, "{} examples were found", examples.len());
    let page = root().join("docs/cookbook.md");
    let linked: BTreeSet<_> = links(&fs::read_to_string(&page).unwrap())
        .into_iter()
        .filter_map(|link| page.parent().unwrap().join(link).canonicalize().ok())
        .collect();
    examples.retain(|example| !linked.contains(&example.canonicalize().unwrap()));
    assert!(examples.is_empty(), "not in docs/cookbook.md: {examples:?}");
}

#[test]
fn each_page_is_in_the_index() {
    let index = root().join("docs/README.md");
    let listed = links(&fs::read_to_string(&index).unwrap());
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || listed.contains(&name), "docs/README.md does not list {name}");
    }
    assert!(links(&fs::read_to_string(root().join("README.md")).unwrap()).iter().any(|link| link == "docs"));
}
