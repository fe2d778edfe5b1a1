//! The examples of the README, run: each block of `console` is a session in one folder, which the files of `tests/data` are
//! in. A line that begins with `$ ` is run by a shell; what follows is what it prints, to either output. `[..]` stands for
//! anything on a line, and a line `? 1` for the exit code, which is 0 otherwise.

use std::fs;

use crate::command::{DATA, Folder, JOSEC};

const README: &str = include_str!("../../README.md");

/// A command, what it prints, and its exit code.
struct Example {
    command: String,
    output: String,
    code: i32,
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    found.push(Example { command: command.to_owned(), output: String::new(), code: 0 });
                }
                (None, Some(example)) => match line.strip_prefix("? ") {
                    Some(code) => example.code = code.parse().unwrap(),
                    None => example.output.push_str(&format!("{line}\n")),
                },
                (None, None) => panic!("{line:?} stands before any command"),
            },
        }
    }
    found
}

/// Whether a text fits a line with `[..]`.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once("[..]") else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split("[..]").peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.is_empty()
}

#[test]
fn the_examples_of_the_readme_do_as_they_say() {
    let folder = Folder::new();
    for entry in fs::read_dir(DATA).unwrap() {
        folder.data(entry.unwrap().file_name().to_str().unwrap());
    }
    let bin = std::path::Path::new(JOSEC).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let examples = examples(README);
    assert!(examples.len() > 20, "only {} examples", examples.len());
    let mut wrong = String::new();
    for Example { command, output, code } in examples {
        let shell = format!("({command}) 2>&1");
        let ran = folder.command("sh", ["-c", &shell]).env("PATH", &path).output().unwrap();
        let printed = String::from_utf8(ran.stdout).unwrap();
        let same = printed.lines().count() == output.lines().count()
            && output
                .lines()
                .zip(printed.lines())
                .all(|(pattern, line)| fits(pattern.trim_end(), line.trim_end()));
        if !same || ran.status.code() != Some(code) {
            wrong.push_str(&format!("$ {command}\n{printed}? {}\n\n", ran.status.code().unwrap()));
        }
    }
    assert!(wrong.is_empty(), "these do something else:\n\n{wrong}");
}

#[test]
fn a_pattern_fits_what_it_says() {
    assert!(fits("a[..]c", "abc") && fits("[..]", "") && fits("a", "a") && fits("[..]b[..]d", "abcd"));
    assert!(!fits("a[..]c", "abd") && !fits("a", "ab") && !fits("[..]b[..]d", "acd"));
}
