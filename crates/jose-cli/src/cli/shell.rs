//! `josec completions` and `josec man`.

use clap::Args;
use clap_complete::Shell;

use super::Context;
use crate::failure::Failure;

#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, context: &Context, mut command: clap::Command) -> Result<(), Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command, "josec", &mut text);
        context.destination.write(&text, false)
    }
}

#[derive(Args, Debug)]
pub(super) struct Man {
    /// The command, such as `jwt verify`; without it, josec itself
    command: Vec<String>,
}

impl Man {
    pub(super) fn run(self, context: &Context, root: clap::Command) -> Result<(), Failure> {
        // Builds the full names, and hands the arguments of all commands down.
        let mut command = root;
        command.build();
        for name in &self.command {
            let found = command.find_subcommand(name).cloned();
            command = found.ok_or_else(|| Failure::misuse(format!("there is no command {name:?}")))?;
        }
        let name = command.get_bin_name().unwrap_or("josec").replace(' ', "-");
        let mut text = Vec::new();
        let page = clap_mangen::Man::new(command.display_name(name.clone())).title(name);
        page.render(&mut text).map_err(|error| Failure::unreachable("output", error))?;
        context.destination.write(&text, false)
    }
}
