//! The command line: what all commands share, and the list of them.

mod algorithms;
mod decrypt;
mod describe;
mod encrypt;
mod inspect;
mod jwt;
mod key;
mod key_set;
mod lint;
mod new_key;
mod shell;
mod sign;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use jose_jwt::NumericDate;

use crate::failure::Failure;
use crate::files::{self, Destination};
use crate::report::Node;
use crate::terminal::{Colour, Paint};
use crate::times;

/// Looks at any JOSE token, makes any key, checks any setup
///
/// Works offline, but for --jwks-url and --issuer. Exit codes: 0 valid or done, 1 refused, 2 wrong usage, 3 a file or server
/// cannot be read or reached.
#[derive(Debug, Parser)]
#[command(name = "josec", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
struct Common {
    /// Prints JSON, one object on one line
    #[arg(long, global = true)]
    json: bool,
    /// Writes the result to a file instead of standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Writes over an existing file
    #[arg(long, global = true)]
    force: bool,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    /// Takes this for the time: seconds since 1970, a date as in RFC 3339, or a span from now such as +10m
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says what a token, key or certificate is, and shows it
    Inspect(inspect::Inspect),
    /// Says what is dangerous or will be refused, why, and what to do
    Lint(lint::Lint),
    /// Makes, converts and collects keys
    #[command(subcommand)]
    Key(key::Key),
    /// Signs (JWS)
    Sign(sign::Sign),
    /// Verifies a signature (JWS), and writes the payload
    Verify(verify::Verify),
    /// Encrypts (JWE)
    Encrypt(encrypt::Encrypt),
    /// Decrypts (JWE)
    Decrypt(decrypt::Decrypt),
    /// Signs and verifies JWTs
    #[command(subcommand)]
    Jwt(jwt::Jwt),
    /// Lists the algorithms, with their status
    Algorithms(algorithms::Algorithms),
    /// Writes completions for a shell
    Completions(shell::Completions),
    /// Writes the manual page of a command
    Man(shell::Man),
}

/// What a command works with.
#[derive(Debug)]
struct Context {
    json: bool,
    destination: Destination,
    paint: Paint,
    now: NumericDate,
}

impl Context {
    fn new(common: Common) -> Result<Self, Failure> {
        let clock = NumericDate::now().map_err(|error| Failure::unreachable("clock", error))?;
        let now = common.now.map_or(Ok(clock), |text| times::parse(&text, clock))?;
        let paint = Paint::new(common.color, common.output.is_some());
        let destination = Destination { path: common.output, force: common.force };
        Ok(Self { json: common.json, destination, paint, now })
    }

    /// Writes what was found out.
    fn report(&self, report: &Node) -> Result<(), Failure> {
        self.report_as(report, false)
    }

    fn report_as(&self, report: &Node, private: bool) -> Result<(), Failure> {
        let text = if self.json { report.json() } else { report.text(self.paint) };
        self.destination.write(text.as_bytes(), private)
    }

    /// Writes a token or another line of text; under `--json`, the report of it.
    fn line(&self, text: &str, report: &Node) -> Result<(), Failure> {
        if self.json {
            return self.report(report);
        }
        self.destination.write(format!("{text}\n").as_bytes(), false)
    }

    /// Says something that is not the result.
    fn note(&self, text: &str) {
        if !self.json {
            files::eprint(&format!("josec: {}\n", crate::terminal::safe(text)));
        }
    }
}

/// Runs the command that the arguments name.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let json = cli.common.json;
    let outcome = Context::new(cli.common).and_then(|context| {
        let outcome = run(cli.command, &context);
        outcome.or_else(|failure| match &failure.report {
            // What is printed is the finding, and the code says that it is one.
            Some(report) => context.report(report).and(Err(failure)),
            None => Err(failure),
        })
    });
    let Err(failure) = outcome else { return ExitCode::SUCCESS };
    if !failure.quiet {
        if json {
            let _ = files::print(failure.json().json().as_bytes());
        } else {
            files::eprint(&failure.text());
        }
    }
    ExitCode::from(failure.exit.code())
}

fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Inspect(command) => command.run(context),
        Command::Lint(command) => command.run(context),
        Command::Key(command) => command.run(context),
        Command::Sign(command) => command.run(context),
        Command::Verify(command) => command.run(context),
        Command::Encrypt(command) => command.run(context),
        Command::Decrypt(command) => command.run(context),
        Command::Jwt(command) => command.run(context),
        Command::Algorithms(command) => command.run(context),
        Command::Completions(command) => command.run(context, Cli::command()),
        Command::Man(command) => command.run(context, Cli::command()),
    }
}
