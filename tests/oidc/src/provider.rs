//! The provider: installed, started, and told to rotate its keys.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;
use xtask::{Result, process, workspace::Workspace};

use crate::client::Client;

pub(crate) struct Provider {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    pub(crate) issuer: String,
}

impl Provider {
    pub(crate) fn start(clients: &[Client]) -> Result<Self> {
        let workspace = Workspace::read()?;
        let (source, home) = (workspace.root.join("tests/oidc/provider"), workspace.target.join("oidc"));
        install(&source, &home)?;
        // A module looks for packages beside itself only.
        fs::copy(source.join("provider.mjs"), home.join("provider.mjs"))?;
        let mut node = Command::new("node");
        // It warns of what is not for production, and of Node's version.
        node.arg(home.join("provider.mjs")).env("NO_COLOR", "1").env("NODE_NO_WARNINGS", "1");
        let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().ok_or("no input of the provider")?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no output of the provider")?);
        let mut provider = Self { child, stdin, stdout, issuer: String::new() };
        let clients: Vec<_> = clients.iter().map(Client::metadata).collect::<Result<_>>()?;
        provider.issuer = provider.ask(&json!({ "clients": clients }).to_string())?;
        Ok(provider)
    }

    /// New keys sign; the old ones are still published.
    pub(crate) fn rotate(&mut self) -> Result {
        self.tell("rotate", "rotated")
    }

    /// Only the newest keys are published.
    pub(crate) fn withdraw(&mut self) -> Result {
        self.tell("withdraw", "withdrawn")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    fn tell(&mut self, what: &str, expected: &str) -> Result {
        let answer = self.ask(what)?;
        if answer == expected { Ok(()) } else { Err(format!("the provider answers {answer:?}").into()) }
    }

    /// Sends a line and waits for one.
    fn ask(&mut self, what: &str) -> Result<String> {
        writeln!(self.stdin, "{what}")?;
        let mut line = String::new();
        loop {
            line.clear();
            if self.stdout.read_line(&mut line)? == 0 {
                return Err("the provider ended".into());
            }
            // Its warnings come the same way.
            let answer = line.trim();
            if answer.starts_with("http://") || matches!(answer, "rotated" | "withdrawn") {
                return Ok(answer.to_owned());
            }
        }
    }
}

fn install(source: &Path, home: &Path) -> Result {
    let is_same = |name: &str| {
        let texts = [source, home].map(|folder| fs::read(folder.join(name)).ok());
        matches!(texts, [Some(ours), Some(theirs)] if ours == theirs)
    };
    if is_same("package-lock.json") && home.join("node_modules").is_dir() {
        return Ok(());
    }
    fs::create_dir_all(home)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), home.join(name))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]);
    process::quietly(npm.current_dir(home))
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
