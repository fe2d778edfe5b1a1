//! `josec lint`.

mod key;
mod rules;
mod token;

use core::time::Duration;
use std::path::PathBuf;

use clap::Args;

pub(super) use key::candidates;
use rules::{Rule, Severity};

use super::Context;
use crate::failure::{Exit, Failure, without_rust};
use crate::files::{self, MAX_LEN};
use crate::keys::PassphraseArgs;
use crate::report::{Node, map};
use crate::terminal::safe;
use crate::thing::{self, Thing};
use crate::times;

#[derive(Args, Debug)]
pub(super) struct Lint {
    /// The file, or - for standard input
    file: Option<PathBuf>,
    /// From which severity on the exit code is 1
    #[arg(long, value_enum, default_value = "warning")]
    level: Severity,
    /// How long a JWT may be valid
    #[arg(long, value_name = "SPAN", value_parser = times::span, default_value = "1day")]
    max_lifetime: Duration,
    /// The key set is kept secret: private keys and secrets may be in it
    #[arg(long)]
    private: bool,
    /// Lists the rules
    #[arg(long, conflicts_with = "file")]
    rules: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// Where a rule is broken, and by what.
#[derive(Debug)]
struct Finding {
    rule: &'static Rule,
    place: String,
    found: Option<String>,
}

/// What was found.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, rule: &'static Rule, place: &str, found: impl Into<Option<String>>) {
        let found = found.into().map(|found| without_rust(&found));
        self.0.push(Finding { rule, place: place.to_owned(), found });
    }

    /// Takes an error of strict JSON or base64url, which other libraries may be blind to.
    fn encoding(&mut self, place: &str, error: jose_b64::Error) {
        let rule = match error {
            jose_b64::Error::DuplicateMember => rules::DUPLICATE_MEMBER,
            jose_b64::Error::Character {
                kind: jose_b64::Foreign::Padding | jose_b64::Foreign::Base64,
                ..
            } => rules::PADDING,
            _ => rules::MALFORMED,
        };
        self.add(rule, place, error.to_string());
    }
}

impl Lint {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        if self.rules {
            return list(context);
        }
        let bytes = files::read(self.file.as_deref(), MAX_LEN)?;
        let mut findings = Findings::default();
        match thing::read(&bytes, &|| self.passphrase.ask("the key")) {
            Ok(thing) => self.look(&thing, context, &mut findings),
            // What it is meant to be is known, and it is none.
            Err(failure)
                if failure.exit == Exit::Refused && !["unknown", "empty"].contains(&failure.code()) =>
            {
                findings.add(rule_of(failure.code()), "file", failure.message().to_owned());
            }
            Err(failure) => return Err(failure),
        }
        findings.0.sort_by_key(|finding| core::cmp::Reverse(finding.rule.severity));
        self.finish(context, &findings)
    }

    fn look(&self, thing: &Thing, context: &Context, findings: &mut Findings) {
        match thing {
            Thing::Compact { text, encrypted } => {
                token::compact(text, *encrypted, (context.now, self.max_lifetime), findings);
            }
            Thing::SdJwt { text } => {
                let jws = text.split('~').next().unwrap_or_default();
                token::compact(jws, false, (context.now, self.max_lifetime), findings);
            }
            Thing::Json { text, encrypted } => token::json(text, *encrypted, findings),
            Thing::Key { jwk, .. } => key::key(jwk, "key", context.now, findings),
            Thing::Set { set, .. } => key::set(set, self.private, context.now, findings),
            Thing::Certificate { jwk: Ok(jwk), .. } => key::key(jwk, "key", context.now, findings),
            Thing::Certificate { jwk: Err(error), .. } => {
                findings.add(rule_of(error.code()), "key", error.to_string());
            }
            Thing::Locked { .. } => {}
        }
    }

    fn finish(&self, context: &Context, findings: &Findings) -> Result<(), Failure> {
        let fails = findings.0.iter().any(|finding| finding.rule.severity >= self.level);
        if context.json {
            let told = findings.0.iter().map(|finding| {
                let mut members = of(finding.rule);
                members.insert(2, ("place", finding.place.as_str().into()));
                members.insert(3, ("found", finding.found.as_deref().into()));
                Node::Map(members)
            });
            let report = map([("ok", (!fails).into()), ("findings", told.collect::<Vec<_>>().into())]);
            return if fails { Err(Failure::reported("findings", report)) } else { context.report(&report) };
        }
        let mut text = String::new();
        for finding in &findings.0 {
            let (rule, paint) = (finding.rule, context.paint);
            let severity = match rule.severity {
                Severity::Error => paint.error("error"),
                Severity::Warning => paint.warning("warning"),
                Severity::Note => "note".to_owned(),
            };
            let found =
                finding.found.as_deref().map(|found| format!(" ({})", safe(found))).unwrap_or_default();
            text.push_str(&format!(
                "{severity}[{}] {}: {}{found}\n",
                rule.code,
                safe(&finding.place),
                rule.says
            ));
            text.push_str(&format!("  {}\n", paint.aside(rule.section)));
            text.push_str(&format!("  help: {}\n", rule.remedy));
        }
        let count = |severity| findings.0.iter().filter(|finding| finding.rule.severity == severity).count();
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
        let told = counts.map(|(severity, name)| match count(severity) {
            1 => format!("1 {name}"),
            count => format!("{count} {name}s"),
        });
        text.push_str(&format!("{}\n", told.join(", ")));
        context.destination.write(text.as_bytes(), false)?;
        if fails { Err(Failure::reported("findings", Node::Null).silent()) } else { Ok(()) }
    }
}

/// The rule for what a library refuses.
fn rule_of(code: &str) -> &'static Rule {
    match code {
        "duplicate-member" => rules::DUPLICATE_MEMBER,
        "weak-secret-too-short" => rules::SECRET_SHORT,
        "weak-modulus-too-small" => rules::RSA_SHORT,
        "weak-exponent-too-small" | "weak-exponent-too-large" | "weak-exponent-even" => rules::RSA_EXPONENT,
        "weak-roca" => rules::RSA_ROCA,
        "use-against-key-ops" => rules::KEY_USE_CONTRADICTS,
        "certificate" => rules::X5C_MISMATCH,
        "not-on-curve" | "key-mismatch" => rules::KEY_WEAK,
        code if code.starts_with("weak-") => rules::KEY_WEAK,
        _ => rules::MALFORMED,
    }
}

fn of(rule: &Rule) -> Vec<(&'static str, Node)> {
    vec![
        ("code", rule.code.into()),
        ("severity", rule.severity.as_str().into()),
        ("section", rule.section.into()),
        ("says", rule.says.into()),
        ("help", rule.remedy.into()),
    ]
}

fn list(context: &Context) -> Result<(), Failure> {
    if context.json {
        return context.report(&rules::ALL.iter().map(|rule| Node::Map(of(rule))).collect());
    }
    let line = |rule: &&Rule| {
        format!("{:20}  {:7}  {}: {}\n", rule.code, rule.severity.as_str(), rule.section, rule.says)
    };
    context.destination.write(rules::ALL.iter().map(line).collect::<String>().as_bytes(), false)
}
