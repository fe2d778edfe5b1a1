//! `josec jwt`.

mod remote;
mod rules;
mod sign;
mod verify;

use clap::Subcommand;

use super::Context;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Jwt {
    /// Signs claims
    Sign(Box<sign::Sign>),
    /// Verifies a signed or encrypted JWT, and writes its claims
    Verify(Box<verify::Verify>),
}

impl Jwt {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Sign(command) => command.run(context),
            Self::Verify(command) => command.run(context),
        }
    }
}
