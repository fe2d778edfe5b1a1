//! Which modules of a crate import from one another in a circle.
//!
//! A module is a file; `lib.rs` is none: what it defines is everybody's. An import is a `use` of something that another
//! module defines, or re-exports: then it is one from both. Not counted are
//!
//! - `mod`: that a parent has children;
//! - a re-export (`pub use`) of something that the file itself does not mention again;
//! - an import from a module that the importing one is inside of, unless that one imports from it too.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    slice,
};

/// The path of a module, or of an item, in the crate.
type Name = Vec<String>;

/// The circles among the files, each a sorted list of modules.
pub(crate) fn circles<'s>(files: impl Iterator<Item = (&'s Path, &'s str)>) -> Vec<Vec<String>> {
    let modules: BTreeMap<Name, Vec<Use>> = files.map(|(path, text)| (module(path), uses(text))).collect();
    let mut edges = BTreeSet::new();
    for (from, uses) in &modules {
        for used in uses.iter().filter(|used| used.is_import) {
            let to = reached(&modules, from, &used.path, 8).into_iter();
            edges.extend(to.filter(|to| !to.is_empty() && to != from).map(|to| (from.clone(), to)));
        }
    }
    let both = edges.clone();
    edges.retain(|(from, to)| !from.starts_with(to) || both.contains(&(to.clone(), from.clone())));

    let all_from = |start: &Name| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(at) = open.pop() {
            let next = edges.iter().filter(|(from, _)| from == at).map(|(_, to)| to);
            open.extend(next.filter(|to| reached.insert((*to).clone())));
        }
        reached
    };
    let reached: BTreeMap<_, _> = modules.keys().map(|name| (name, all_from(name))).collect();
    let circle = |name: &Name| -> Vec<String> {
        let both_ways = reached[name].iter().filter(|other| reached[other].contains(name));
        both_ways.map(|name| name.join("::")).collect()
    };
    let circles: BTreeSet<_> = modules.keys().map(circle).filter(|circle| !circle.is_empty()).collect();
    circles.into_iter().collect()
}

fn module(path: &Path) -> Name {
    let name: Name = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if name == ["lib"] { Name::new() } else { name }
}

/// The modules that a file reaches by a path: the one that defines what it names, after those that re-export it; none
/// where that is of another crate.
fn reached(modules: &BTreeMap<Name, Vec<Use>>, from: &[String], path: &[String], depth: u8) -> Vec<Name> {
    let (mut at, mut rest) = (from.to_vec(), path);
    let child = [from, &path[..1]].concat();
    match path[0].as_str() {
        "crate" => (at, rest) = (Name::new(), &path[1..]),
        "self" => rest = &path[1..],
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            at.truncate(at.len().saturating_sub(ups));
            rest = &path[ups..];
        }
        _ if modules.contains_key(&child) => {}
        _ => return Vec::new(),
    }
    while let Some((name, after)) = rest.split_first() {
        let inner = [&*at, slice::from_ref(name)].concat();
        if !modules.contains_key(&inner) {
            let mut re_exports = modules.get(&at).into_iter().flatten().filter(|used| used.name == *name);
            let further = re_exports.next().filter(|_| depth > 0);
            let further = further.map_or_else(Vec::new, |used| reached(modules, &at, &used.path, depth - 1));
            return [vec![at], further].concat();
        }
        (at, rest) = (inner, after);
    }
    vec![at]
}

/// One path of a `use`.
struct Use {
    path: Name,
    /// What the file calls it.
    name: String,
    is_import: bool,
}

fn uses(text: &str) -> Vec<Use> {
    let (mut uses, mut code) = (Vec::new(), String::new());
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        let Some(at) = line.find("use ").filter(|at| line[..*at].is_empty() || line.starts_with("pub"))
        else {
            code += line;
            code.push('\n');
            continue;
        };
        let mut tree = line[at + 4..].to_owned();
        while !tree.contains(';') {
            tree += lines.next().unwrap_or(";").trim();
        }
        flatten(&[], tree.trim_end_matches(';').trim(), &mut |path, name| {
            uses.push(Use { path, name, is_import: at == 0 });
        });
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: BTreeSet<&str> = code.split(|c| !is_word(c)).collect();
    for used in &mut uses {
        used.is_import |= words.contains(used.name.as_str());
    }
    uses
}

/// Gives each path of the tree, and the name that it is imported by.
fn flatten(prefix: &[String], tree: &str, give: &mut impl FnMut(Name, String)) {
    if let Some((head, inner)) = tree.split_once('{') {
        let head = head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        let prefix: Name = prefix.iter().cloned().chain(head).collect();
        let inner = inner.strip_suffix('}').unwrap_or(inner);
        let (mut depth, mut start) = (0_u32, 0);
        for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    flatten(&prefix, inner[start..at].trim(), give);
                    start = at + 1;
                }
                _ => {}
            }
        }
    } else if !tree.is_empty() {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let path = path.split("::").map(str::trim).filter(|part| *part != "*").map(str::to_owned);
        let mut path: Name = prefix.iter().cloned().chain(path).collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = alias.or(path.last().map(String::as_str)).unwrap_or_default().trim().to_owned();
        give(path, name);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::circles;

    fn found(files: &[(&'static str, &'static str)]) -> Vec<Vec<String>> {
        circles(files.iter().map(|(path, text)| (Path::new(*path), *text)))
    }

    #[test]
    fn circles_go_through_re_exports_and_groups() {
        let files = [
            ("lib.rs", "pub use a::A;\npub use c::C;"),
            ("a.rs", "mod inner;\npub use inner::A;"),
            ("a/inner.rs", "use crate::{\n    b::{self, B as Other},\n    c::C,\n};\nuse super::own;"),
            ("b.rs", "use crate::A;"),
            ("c.rs", "// use crate::a::A;\nuse core::fmt;"),
        ];
        assert_eq!(found(&files), [["a::inner", "b"]]);
    }

    #[test]
    fn a_child_may_use_its_parent_unless_that_uses_the_child() {
        let child = ("a/inner.rs", "use super::own;");
        assert!(found(&[("a.rs", "pub use inner::A;"), child]).is_empty());
        assert_eq!(found(&[("a.rs", "use inner::A;"), child]), [["a", "a::inner"]]);
        assert_eq!(found(&[("a.rs", "pub use inner::A;\nfn f(_: A) {}"), child]), [["a", "a::inner"]]);
    }
}
